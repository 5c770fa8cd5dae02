// Leaves the translation in the TLB.
// fails: check_page_installed_pgdir
// says: the TLB still shows the page
	pte_t *pte;
	struct PageInfo *pp = page_lookup(pgdir, va, &pte);

	if (!pp)
		return;
	*pte = 0;
	page_decref(pp);
