// A pointer to words goes four bytes further for each 1 that is added.
// fails: region_alloc
// says: region_alloc left the entry

	uint32_t *page = ROUNDDOWN((uint32_t *)va, PGSIZE);
	uint32_t *stop = (uint32_t *)ROUNDUP((uintptr_t)va + len, PGSIZE);

	if (len == 0)
		return;
	for (; page < stop; page += PGSIZE) {
		struct PageInfo *pp;

		if (page_lookup(e->env_pgdir, page, NULL))
			continue;
		pp = page_alloc(0);
		if (!pp || page_insert(e->env_pgdir, pp, page,
		                       PTE_U | PTE_W) < 0)
			panic("region_alloc: out of memory");
	}
