// Takes an entry that is not present for one that is not there, though only the
// page table counts.
// fails: pgdir_walk
// says: pgdir_walk does not find the page table that it made
	pde_t *pde = &pgdir[PDX(va)];
	pte_t *pte;

	if (!(*pde & PTE_P)) {
		struct PageInfo *pp;

		if (!create || !(pp = page_alloc(ALLOC_ZERO)))
			return NULL;
		pp->pp_ref++;
		*pde = page2pa(pp) | PTE_P | PTE_W | PTE_U;
	}
	pte = (pte_t *)KADDR(PTE_ADDR(*pde)) + PTX(va);
	if (!create && !(*pte & PTE_P))
		return NULL;
	return pte;
