// Removes the old mapping before it counts the new one: a page that is mapped
// again at the same place is freed while it is in use.
// fails: check_page
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (!pte)
		return -E_NO_MEM;
	page_remove(pgdir, va);
	pp->pp_ref++;
	*pte = page2pa(pp) | perm | PTE_P;
	return 0;
