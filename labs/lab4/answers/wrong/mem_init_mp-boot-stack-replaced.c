// Maps the boot CPU's stack too, to memory that it does not use.
// fails: memory

	for (int i = 0; i < NCPU; i++) {
		uintptr_t top = KSTACKTOP - i * (KSTKSIZE + KSTKGAP);

		boot_map_region(kern_pgdir, top - KSTKSIZE, KSTKSIZE,
		                PADDR(percpu_kstacks[i]), PTE_W);
	}
