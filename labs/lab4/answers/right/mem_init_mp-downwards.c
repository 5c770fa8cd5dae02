// Goes from gap to gap instead of computing each place.

	uintptr_t bottom = KSTACKTOP - KSTKSIZE;

	for (uint32_t cpu = 1; cpu != NCPU; cpu++) {
		bottom -= KSTKGAP + KSTKSIZE;
		for (uint32_t at = 0; at < KSTKSIZE; at += PGSIZE)
			boot_map_region(kern_pgdir, bottom + at, PGSIZE,
			                PADDR(&percpu_kstacks[cpu][at]), PTE_W);
	}
