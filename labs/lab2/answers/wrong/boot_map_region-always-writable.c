// Adds PTE_W whatever perm says.
// fails: boot_map_region map_pages
	for (size_t i = 0; i < size; i += PGSIZE) {
		pte_t *pte = pgdir_walk(pgdir, (void *)(va + i), 1);

		if (!pte)
			panic("boot_map_region: out of memory");
		*pte = (pa + i) | perm | PTE_W | PTE_P;
	}
