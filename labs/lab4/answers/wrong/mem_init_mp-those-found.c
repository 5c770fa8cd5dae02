// Maps stacks for the CPUs that were found only.
// fails: memory

	for (int i = 1; i < ncpu; i++) {
		uintptr_t top = KSTACKTOP - i * (KSTKSIZE + KSTKGAP);

		boot_map_region(kern_pgdir, top - KSTKSIZE, KSTKSIZE,
		                PADDR(percpu_kstacks[i]), PTE_W);
	}
