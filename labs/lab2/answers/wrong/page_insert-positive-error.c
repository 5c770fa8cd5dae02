// Returns the error's number, not its negative.
// fails: check_page
// says: not -E_NO_MEM
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (!pte)
		return E_NO_MEM;
	pp->pp_ref++;
	page_remove(pgdir, va);
	*pte = page2pa(pp) | perm | PTE_P;
	return 0;
