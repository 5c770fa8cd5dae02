// Programs may not write their memory.
// fails: region_alloc
// says: region_alloc left the entry

	uintptr_t start = ROUNDDOWN((uintptr_t)va, PGSIZE);
	uintptr_t stop = len ? ROUNDUP((uintptr_t)va + len, PGSIZE) : start;

	for (uintptr_t page = start; page < stop; page += PGSIZE) {
		struct PageInfo *pp;

		if (page_lookup(e->env_pgdir, (void *)page, NULL))
			continue;
		pp = page_alloc(0);
		if (!pp || page_insert(e->env_pgdir, pp, (void *)page,
		                       PTE_U) < 0)
			panic("region_alloc: out of memory");
	}
