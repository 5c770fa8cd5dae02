// Rounds the start down and the end up even when there is nothing between
// them: a range of no bytes gets a page.
// fails: region_alloc
// says: outside its range

	uintptr_t start = ROUNDDOWN((uintptr_t)va, PGSIZE);
	uintptr_t stop = ROUNDUP((uintptr_t)va + len, PGSIZE);

	for (uintptr_t page = start; page < stop; page += PGSIZE) {
		struct PageInfo *pp;

		if (page_lookup(e->env_pgdir, (void *)page, NULL))
			continue;
		pp = page_alloc(0);
		if (!pp || page_insert(e->env_pgdir, pp, (void *)page,
		                       PTE_U | PTE_W) < 0)
			panic("region_alloc: out of memory");
	}
