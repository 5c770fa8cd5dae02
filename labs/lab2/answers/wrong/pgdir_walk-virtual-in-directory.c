// Enters the page table's kernel address in the directory, where the processor
// wants a physical one.
// fails: pgdir_walk
// says: pgdir_walk
	pde_t *pde = &pgdir[PDX(va)];

	if (!(*pde & PTE_P)) {
		struct PageInfo *pp;

		if (!create || !(pp = page_alloc(ALLOC_ZERO)))
			return NULL;
		pp->pp_ref++;
		*pde = (pde_t)page2kva(pp) | PTE_P | PTE_W | PTE_U;
	}
	return (pte_t *)PTE_ADDR(*pde) + PTX(va);
