// Notices that there is no page, but not that there is none for a page table.
// fails: region_alloc

	uintptr_t start = ROUNDDOWN((uintptr_t)va, PGSIZE);
	uintptr_t stop = len ? ROUNDUP((uintptr_t)va + len, PGSIZE) : start;

	for (uintptr_t page = start; page < stop; page += PGSIZE) {
		struct PageInfo *pp;

		if (page_lookup(e->env_pgdir, (void *)page, NULL))
			continue;
		pp = page_alloc(0);
		if (!pp)
			panic("region_alloc: out of memory");
		page_insert(e->env_pgdir, pp, (void *)page, PTE_U | PTE_W);
	}
