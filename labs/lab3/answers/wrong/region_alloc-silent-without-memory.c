// Comes back without a word when memory runs out.
// fails: region_alloc

	uintptr_t start = ROUNDDOWN((uintptr_t)va, PGSIZE);
	uintptr_t stop = len ? ROUNDUP((uintptr_t)va + len, PGSIZE) : start;

	for (uintptr_t page = start; page < stop; page += PGSIZE) {
		struct PageInfo *pp;

		if (page_lookup(e->env_pgdir, (void *)page, NULL))
			continue;
		pp = page_alloc(0);
		if (!pp)
			return;
		page_insert(e->env_pgdir, pp, (void *)page, PTE_U | PTE_W);
	}
