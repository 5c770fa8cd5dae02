// Makes the page table before it takes a page, and maps the page by hand.

	uintptr_t start = (uintptr_t)va, stop = start + len;

	for (start = ROUNDDOWN(start, PGSIZE); start < stop && len > 0;
	     start += PGSIZE) {
		pte_t *pte = pgdir_walk(e->env_pgdir, (void *)start, 1);
		struct PageInfo *pp;

		if (!pte)
			panic("no memory for a page table");
		if (*pte & PTE_P)
			continue;
		pp = page_alloc(0);
		if (!pp)
			panic("no memory for va %08x", (uint32_t)start);
		pp->pp_ref++;
		*pte = page2pa(pp) | PTE_P | PTE_U | PTE_W;
	}
