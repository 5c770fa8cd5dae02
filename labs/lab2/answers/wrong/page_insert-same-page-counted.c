// Counts a reference for a page that is there already, and had been counted.
// fails: check_page
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (!pte)
		return -E_NO_MEM;
	pp->pp_ref++;
	if (PTE_ADDR(*pte) != page2pa(pp))
		page_remove(pgdir, va);
	*pte = page2pa(pp) | perm | PTE_P;
	tlb_invalidate(pgdir, va);
	return 0;
