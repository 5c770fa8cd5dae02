// Looks for a page table but does not have one made.
// fails: check_page_installed_pgdir
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (!pte)
		return -E_NO_MEM;
	pp->pp_ref++;
	page_remove(pgdir, va);
	*pte = page2pa(pp) | perm | PTE_P;
	return 0;
