// Counts a reference whenever the page table is walked, not only when it is
// made.
// fails: pgdir_walk page_references
// says: instead of 1
	pde_t *pde = &pgdir[PDX(va)];

	if (!(*pde & PTE_P)) {
		struct PageInfo *pp;

		if (!create || !(pp = page_alloc(ALLOC_ZERO)))
			return NULL;
		*pde = page2pa(pp) | PTE_P | PTE_W | PTE_U;
	}
	pa2page(PTE_ADDR(*pde))->pp_ref++;
	return (pte_t *)KADDR(PTE_ADDR(*pde)) + PTX(va);
