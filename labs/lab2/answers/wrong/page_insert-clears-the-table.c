// Makes a new page table whenever the entry is empty, and so loses the mappings
// of the old one.
// fails: check_page
// says: page_insert
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (!pte || *pte == 0) {
		pgdir[PDX(va)] = 0;
		pte = pgdir_walk(pgdir, va, 1);
	}
	if (!pte)
		return -E_NO_MEM;
	pp->pp_ref++;
	page_remove(pgdir, va);
	*pte = page2pa(pp) | perm | PTE_P;
	return 0;
