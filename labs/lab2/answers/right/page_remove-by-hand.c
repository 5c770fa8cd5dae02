// Finds the entry and counts the reference by itself.
	pte_t *pte = pgdir_walk(pgdir, va, 0);
	struct PageInfo *pp;

	if (pte == NULL || !(*pte & PTE_P))
		return;
	pp = pa2page(*pte);
	*pte = 0;
	if (--pp->pp_ref == 0)
		page_free(pp);
	tlb_invalidate(pgdir, va);
