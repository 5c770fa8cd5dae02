// Enters the virtual address where the physical one belongs.
// fails: boot_map_region map_pages map_kernbase
	for (size_t i = 0; i < size / PGSIZE; i++) {
		pte_t *pte = pgdir_walk(pgdir, (void *)va, 1);

		if (!pte)
			panic("boot_map_region: out of memory");
		*pte = va | perm | PTE_P;
		va += PGSIZE;
	}
