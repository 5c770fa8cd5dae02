// Puts the stacks one below the other, without gaps.
// fails: memory

	for (int i = 1; i < NCPU; i++) {
		uintptr_t top = KSTACKTOP - i * KSTKSIZE;

		boot_map_region(kern_pgdir, top - KSTKSIZE, KSTKSIZE,
		                PADDR(percpu_kstacks[i]), PTE_W);
	}
