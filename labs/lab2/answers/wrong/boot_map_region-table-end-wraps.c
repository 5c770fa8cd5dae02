// Goes on up to the end of the page table, which is 2^32, and so 0, when the
// table is the last page of 256 MiB: nothing is mapped in it.
// fails: memory_sizes
	while (size > 0) {
		pte_t *pte = pgdir_walk(pgdir, (void *)va, 1);

		if (!pte)
			panic("boot_map_region: out of memory");
		pte_t *stop = ROUNDDOWN(pte, PGSIZE) + NPTENTRIES;
		for (size_t n = size; pte < stop && n > 0; n -= PGSIZE) {
			*pte++ = pa | perm | PTE_P;
			pa += PGSIZE;
		}
		size_t done = MIN(size, PTSIZE - va % PTSIZE);
		va += done;
		size -= done;
	}
