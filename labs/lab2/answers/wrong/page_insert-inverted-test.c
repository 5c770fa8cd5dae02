// Gives up when there is a page table and goes on when there is none.
// fails: check_page
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (pte)
		return -E_NO_MEM;
	pp->pp_ref++;
	page_remove(pgdir, va);
	*pte = page2pa(pp) | perm | PTE_P;
	return 0;
