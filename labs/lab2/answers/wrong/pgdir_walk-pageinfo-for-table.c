// Takes the struct PageInfo of the page table for the table itself.
// fails: pgdir_walk
// says: pgdir_walk returned
	pde_t *pde = &pgdir[PDX(va)];

	if (!(*pde & PTE_P)) {
		struct PageInfo *pp;

		if (!create || !(pp = page_alloc(ALLOC_ZERO)))
			return NULL;
		pp->pp_ref++;
		*pde = page2pa(pp) | PTE_P | PTE_W | PTE_U;
	}
	return (pte_t *)pa2page(PTE_ADDR(*pde)) + PTX(va);
