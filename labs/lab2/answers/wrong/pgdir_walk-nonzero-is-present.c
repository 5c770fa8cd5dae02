// Asks whether the directory entry is 0 instead of whether it is present.
// fails: pgdir_walk
// says: a directory entry without PTE_P
	pde_t *pde = &pgdir[PDX(va)];

	if (*pde == 0) {
		struct PageInfo *pp;

		if (!create || !(pp = page_alloc(ALLOC_ZERO)))
			return NULL;
		pp->pp_ref++;
		*pde = page2pa(pp) | PTE_P | PTE_W | PTE_U;
	}
	return (pte_t *)KADDR(PTE_ADDR(*pde)) + PTX(va);
