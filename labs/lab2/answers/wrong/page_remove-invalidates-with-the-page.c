// Invalidates the TLB only when the page is freed: a page that is mapped
// elsewhere too can still be reached here.
// fails: check_page_installed_pgdir
	pte_t *pte;
	struct PageInfo *pp = page_lookup(pgdir, va, &pte);

	if (!pp)
		return;
	*pte = 0;
	if (--pp->pp_ref == 0) {
		page_free(pp);
		tlb_invalidate(pgdir, va);
	}
