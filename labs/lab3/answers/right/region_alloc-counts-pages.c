// Counts the pages first, maps nothing for a range of no bytes, and zeroes
// what it hands out.

	uint8_t *page = ROUNDDOWN((uint8_t *)va, PGSIZE);
	size_t count = len ? PGNUM((uint8_t *)va + len - 1) - PGNUM(va) + 1 : 0;

	for (; count > 0; count--, page += PGSIZE) {
		pte_t *pte = pgdir_walk(e->env_pgdir, page, 1);
		struct PageInfo *pp;

		if (!pte)
			panic("region_alloc: %e", -E_NO_MEM);
		if (*pte & PTE_P)
			continue;
		pp = page_alloc(ALLOC_ZERO);
		if (!pp)
			panic("region_alloc: %e", -E_NO_MEM);
		page_insert(e->env_pgdir, pp, page, PTE_W | PTE_U);
	}
