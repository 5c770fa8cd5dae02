// Gives the directory entry the page's permissions too, and so takes them from
// all the other pages of that table.
// fails: check_page
// says: page_insert changed the directory entry
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (!pte)
		return -E_NO_MEM;
	pp->pp_ref++;
	page_remove(pgdir, va);
	*pte = page2pa(pp) | perm | PTE_P;
	pgdir[PDX(va)] = PTE_ADDR(pgdir[PDX(va)]) | perm | PTE_P;
	return 0;
