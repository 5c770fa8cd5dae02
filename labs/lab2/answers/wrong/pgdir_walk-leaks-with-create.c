// Takes a page first and then finds that there is a page table already.
// fails: pgdir_walk page_references
	pde_t *pde = &pgdir[PDX(va)];
	struct PageInfo *pp = NULL;

	if (create)
		pp = page_alloc(ALLOC_ZERO);
	if (!(*pde & PTE_P)) {
		if (!pp)
			return NULL;
		pp->pp_ref++;
		*pde = page2pa(pp) | PTE_P | PTE_W | PTE_U;
	}
	return (pte_t *)KADDR(PTE_ADDR(*pde)) + PTX(va);
