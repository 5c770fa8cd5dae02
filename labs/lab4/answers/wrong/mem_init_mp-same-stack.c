// All CPUs have the same stack.
// fails: memory

	for (int i = 1; i < NCPU; i++) {
		uintptr_t top = KSTACKTOP - i * (KSTKSIZE + KSTKGAP);

		boot_map_region(kern_pgdir, top - KSTKSIZE, KSTKSIZE,
		                PADDR(percpu_kstacks[0]), PTE_W);
	}
