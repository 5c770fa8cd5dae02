// Frees the page though other mappings may still show it.
// fails: page_remove
	pte_t *pte;
	struct PageInfo *pp = page_lookup(pgdir, va, &pte);

	if (!pp)
		return;
	pp->pp_ref = 0;
	page_free(pp);
	*pte = 0;
	tlb_invalidate(pgdir, va);
