// Invalidates the address of the page-table entry, not the one that it mapped.
// fails: check_page_installed_pgdir
// says: the TLB still shows the page
	pte_t *pte;
	struct PageInfo *pp = page_lookup(pgdir, va, &pte);

	if (!pp)
		return;
	page_decref(pp);
	*pte = 0;
	tlb_invalidate(pgdir, pte);
