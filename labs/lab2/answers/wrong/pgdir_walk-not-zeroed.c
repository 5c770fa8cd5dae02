// Takes a page for the table as it comes; 1 as a flag is meant to say that it
// is to be made, but create is not passed on.
// fails: pgdir_walk
// says: pgdir_walk's new page table is not zeroed
	pde_t *pde = &pgdir[PDX(va)];

	if (!(*pde & PTE_P)) {
		struct PageInfo *pp;

		if (!create || !(pp = page_alloc(0)))
			return NULL;
		pp->pp_ref++;
		*pde = page2pa(pp) | PTE_P | PTE_W | PTE_U;
	}
	return (pte_t *)KADDR(PTE_ADDR(*pde)) + PTX(va);
