// Writes over the entry of a page that was there: that page keeps its reference
// for ever.
// fails: check_page
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (!pte)
		return -E_NO_MEM;
	pp->pp_ref++;
	*pte = page2pa(pp) | perm | PTE_P;
	tlb_invalidate(pgdir, va);
	return 0;
