// Counts a reference that page_insert counts, too: the page is never free
// again.
// fails: region_alloc
// says: has pp_ref 2

	uintptr_t start = ROUNDDOWN((uintptr_t)va, PGSIZE);
	uintptr_t stop = len ? ROUNDUP((uintptr_t)va + len, PGSIZE) : start;

	for (uintptr_t page = start; page < stop; page += PGSIZE) {
		struct PageInfo *pp;

		if (page_lookup(e->env_pgdir, (void *)page, NULL))
			continue;
		pp = page_alloc(0);
		if (!pp)
			panic("region_alloc: out of memory");
		pp->pp_ref++;
		if (page_insert(e->env_pgdir, pp, (void *)page,
		                PTE_U | PTE_W) < 0)
			panic("region_alloc: out of memory");
	}
