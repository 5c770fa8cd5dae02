// Counts first and removes before it walks; where there is no page table there
// was nothing to remove, and the count is taken back.
	pp->pp_ref++;
	page_remove(pgdir, va);

	pte_t *pte = pgdir_walk(pgdir, va, 1);
	if (!pte) {
		pp->pp_ref--;
		return -E_NO_MEM;
	}
	*pte = page2pa(pp) | perm | PTE_P;
	tlb_invalidate(pgdir, va);
	return 0;
