// Goes in steps of a page from an unaligned start: the last page is missed
// when the range ends in the part of it before that offset.
// fails: region_alloc
// says: region_alloc left the entry

	uintptr_t stop = (uintptr_t)va + len;

	for (uintptr_t page = (uintptr_t)va; page < stop; page += PGSIZE) {
		struct PageInfo *pp;

		if (page_lookup(e->env_pgdir, (void *)page, NULL))
			continue;
		pp = page_alloc(0);
		if (!pp || page_insert(e->env_pgdir, pp, (void *)page,
		                       PTE_U | PTE_W) < 0)
			panic("region_alloc: out of memory");
	}
