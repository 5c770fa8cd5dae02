// Maps the gap above each stack as well.
// fails: memory

	for (int i = 1; i < NCPU; i++) {
		uintptr_t top = KSTACKTOP - i * (KSTKSIZE + KSTKGAP);

		boot_map_region(kern_pgdir, top - KSTKSIZE, KSTKSIZE + KSTKGAP,
		                PADDR(percpu_kstacks[i]), PTE_W);
	}
