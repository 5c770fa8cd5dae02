// Only adds the new permissions when the page is there already, and so can
// never take one away.
// fails: check_page
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (!pte)
		return -E_NO_MEM;
	if ((*pte & PTE_P) && PTE_ADDR(*pte) == page2pa(pp)) {
		*pte |= perm | PTE_P;
		tlb_invalidate(pgdir, va);
		return 0;
	}
	pp->pp_ref++;
	page_remove(pgdir, va);
	*pte = page2pa(pp) | perm | PTE_P;
	return 0;
