// Does not expect that there may be nothing to remove.
// fails: page_remove
// says: page_remove wrote through a NULL pointer
	pte_t *pte = NULL;
	struct PageInfo *pp = page_lookup(pgdir, va, &pte);

	page_decref(pp);
	*pte = 0;
	tlb_invalidate(pgdir, va);
