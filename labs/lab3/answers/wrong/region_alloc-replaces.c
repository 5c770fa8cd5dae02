// Maps a new page where one is mapped already, and what that held is lost.
// fails: region_alloc load_icode
// says: replaced a page

	uintptr_t start = ROUNDDOWN((uintptr_t)va, PGSIZE);
	uintptr_t stop = len ? ROUNDUP((uintptr_t)va + len, PGSIZE) : start;

	for (uintptr_t page = start; page < stop; page += PGSIZE) {
		struct PageInfo *pp = page_alloc(0);

		if (!pp || page_insert(e->env_pgdir, pp, (void *)page,
		                       PTE_U | PTE_W) < 0)
			panic("region_alloc: out of memory");
	}
