// Allocates one page and maps it everywhere.
// fails: region_alloc
// says: pp_ref

	uintptr_t start = ROUNDDOWN((uintptr_t)va, PGSIZE);
	uintptr_t stop = len ? ROUNDUP((uintptr_t)va + len, PGSIZE) : start;
	struct PageInfo *pp = page_alloc(0);

	if (!pp)
		panic("region_alloc: out of memory");
	for (uintptr_t page = start; page < stop; page += PGSIZE)
		if (page_insert(e->env_pgdir, pp, (void *)page,
		                PTE_U | PTE_W) < 0)
			panic("region_alloc: out of memory");
