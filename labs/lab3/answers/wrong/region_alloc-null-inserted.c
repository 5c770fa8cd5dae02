// Takes for granted that there is a free page.
// fails: region_alloc

	uintptr_t start = ROUNDDOWN((uintptr_t)va, PGSIZE);
	uintptr_t stop = len ? ROUNDUP((uintptr_t)va + len, PGSIZE) : start;

	for (uintptr_t page = start; page < stop; page += PGSIZE) {
		if (page_lookup(e->env_pgdir, (void *)page, NULL))
			continue;
		if (page_insert(e->env_pgdir, page_alloc(0), (void *)page,
		                PTE_U | PTE_W) < 0)
			panic("region_alloc: out of memory");
	}
