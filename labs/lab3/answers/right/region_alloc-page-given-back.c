// Gives the page back before it panics, and says why.

	uintptr_t page = ROUNDDOWN((uintptr_t)va, PGSIZE);
	uintptr_t last = ROUNDDOWN((uintptr_t)va + len - 1, PGSIZE);
	int r = -E_NO_MEM;

	for (; len > 0 && page <= last; page += PGSIZE) {
		struct PageInfo *pp;

		if (page_lookup(e->env_pgdir, (void *)page, NULL))
			continue;
		pp = page_alloc(ALLOC_ZERO);
		if (pp) {
			r = page_insert(e->env_pgdir, pp, (void *)page,
			                PTE_W | PTE_U);
			if (r < 0)
				page_free(pp);
		}
		if (!pp || r < 0)
			panic("region_alloc: %e", r);
	}
