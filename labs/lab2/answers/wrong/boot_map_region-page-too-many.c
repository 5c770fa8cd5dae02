// Maps one page more than it should.
// fails: boot_map_region
	for (size_t i = 0; i <= size / PGSIZE; i++) {
		pte_t *pte = pgdir_walk(pgdir, (void *)va, 1);

		if (!pte)
			panic("boot_map_region: out of memory");
		*pte = pa | perm | PTE_P;
		va += PGSIZE;
		pa += PGSIZE;
	}
