// Walks until the length is used up, but never makes it less.
// fails: region_alloc

	uintptr_t page = ROUNDDOWN((uintptr_t)va, PGSIZE);

	len = len ? ROUNDUP((uintptr_t)va + len, PGSIZE) - page : 0;
	while (len > 0) {
		struct PageInfo *pp;

		if (!page_lookup(e->env_pgdir, (void *)page, NULL)) {
			pp = page_alloc(0);
			if (!pp || page_insert(e->env_pgdir, pp, (void *)page,
			                       PTE_U | PTE_W) < 0)
				panic("Env region allocation failed");
		}
		page += PGSIZE;
	}
