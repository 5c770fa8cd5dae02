// Changes the permissions of a page that is there already, but leaves the old
// ones in the TLB.
// fails: check_page_installed_pgdir
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (!pte)
		return -E_NO_MEM;
	if ((*pte & PTE_P) && PTE_ADDR(*pte) == page2pa(pp)) {
		*pte = page2pa(pp) | perm | PTE_P;
		return 0;
	}
	pp->pp_ref++;
	page_remove(pgdir, va);
	*pte = page2pa(pp) | perm | PTE_P;
	return 0;
