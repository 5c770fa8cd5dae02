// A do loop: a range of no bytes gets a page.
// fails: boot_map_region
	size_t i = 0;

	do {
		pte_t *pte = pgdir_walk(pgdir, (void *)(va + i), 1);

		if (!pte)
			panic("boot_map_region: out of memory");
		*pte = (pa + i) | perm | PTE_P;
		i += PGSIZE;
	} while (i < size);
