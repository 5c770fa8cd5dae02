// Treats a page that is there already as a case of its own.
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (pte == NULL)
		return -E_NO_MEM;
	if ((*pte & PTE_P) && pa2page(PTE_ADDR(*pte)) == pp) {
		*pte = page2pa(pp) | perm | PTE_P;
		tlb_invalidate(pgdir, va);
		return 0;
	}
	if (*pte & PTE_P)
		page_remove(pgdir, va);
	*pte = page2pa(pp) | perm | PTE_P;
	pp->pp_ref++;
	return 0;
