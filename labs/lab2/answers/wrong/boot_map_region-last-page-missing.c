// Stops before the last page.
// fails: boot_map_region map_kernbase
	for (size_t i = 0; i + PGSIZE < size; i += PGSIZE) {
		pte_t *pte = pgdir_walk(pgdir, (void *)(va + i), 1);

		if (!pte)
			panic("boot_map_region: out of memory");
		*pte = (pa + i) | perm | PTE_P;
	}
