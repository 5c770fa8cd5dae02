// Rounds the start down and the length up, each for itself: a range that is
// not aligned loses its last page.
// fails: region_alloc
// says: region_alloc left the entry

	uintptr_t start = ROUNDDOWN((uintptr_t)va, PGSIZE);

	len = ROUNDUP(len, PGSIZE);
	for (uintptr_t page = start; page < start + len; page += PGSIZE) {
		struct PageInfo *pp;

		if (page_lookup(e->env_pgdir, (void *)page, NULL))
			continue;
		pp = page_alloc(0);
		if (!pp || page_insert(e->env_pgdir, pp, (void *)page,
		                       PTE_U | PTE_W) < 0)
			panic("region_alloc: out of memory");
	}
