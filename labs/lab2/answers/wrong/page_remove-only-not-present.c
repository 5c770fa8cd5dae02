// Clears only PTE_P; the rest of the entry stays.
// fails: page_remove
	pte_t *pte;
	struct PageInfo *pp = page_lookup(pgdir, va, &pte);

	if (!pp)
		return;
	*pte &= ~PTE_P;
	tlb_invalidate(pgdir, va);
	page_decref(pp);
