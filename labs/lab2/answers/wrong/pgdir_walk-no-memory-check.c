// Takes it for granted that there is a page for the table.
// fails: pgdir_walk
	pde_t *pde = &pgdir[PDX(va)];

	if (!(*pde & PTE_P)) {
		if (!create)
			return NULL;
		struct PageInfo *pp = page_alloc(ALLOC_ZERO);
		pp->pp_ref++;
		*pde = page2pa(pp) | PTE_P | PTE_W | PTE_U;
	}
	return (pte_t *)KADDR(PTE_ADDR(*pde)) + PTX(va);
