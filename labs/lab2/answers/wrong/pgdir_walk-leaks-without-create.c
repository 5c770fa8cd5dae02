// Takes a page before it looks at create, and loses it when there is nothing to
// create.
// fails: pgdir_walk page_references
	pde_t *pde = &pgdir[PDX(va)];

	if (!(*pde & PTE_P)) {
		struct PageInfo *pp = page_alloc(ALLOC_ZERO);

		if (!create || pp == NULL)
			return NULL;
		pp->pp_ref++;
		*pde = page2pa(pp) | PTE_P | PTE_W | PTE_U;
	}
	return (pte_t *)KADDR(PTE_ADDR(*pde)) + PTX(va);
