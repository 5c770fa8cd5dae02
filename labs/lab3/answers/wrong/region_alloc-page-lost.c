// Allocates first and looks then: where a page is mapped already, the new one
// is lost.
// fails: page_leaks

	uintptr_t start = ROUNDDOWN((uintptr_t)va, PGSIZE);
	uintptr_t stop = len ? ROUNDUP((uintptr_t)va + len, PGSIZE) : start;

	for (uintptr_t page = start; page < stop; page += PGSIZE) {
		struct PageInfo *pp = page_alloc(0);

		if (!pp)
			panic("region_alloc: out of memory");
		if (page_lookup(e->env_pgdir, (void *)page, NULL))
			continue;
		if (page_insert(e->env_pgdir, pp, (void *)page,
		                PTE_U | PTE_W) < 0)
			panic("region_alloc: out of memory");
	}
