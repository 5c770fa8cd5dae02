// Never goes on to the next physical page.
// fails: boot_map_region map_pages map_kernbase
	for (size_t i = 0; i < size; i += PGSIZE) {
		pte_t *pte = pgdir_walk(pgdir, (void *)(va + i), 1);

		if (!pte)
			panic("boot_map_region: out of memory");
		*pte = pa | perm | PTE_P;
	}
