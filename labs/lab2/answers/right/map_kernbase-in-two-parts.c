// What is memory first, then the rest.
	size_t memory = npages * PGSIZE;
	size_t window = 0xffffffff - KERNBASE + 1;

	boot_map_region(kern_pgdir, KERNBASE, memory, 0, PTE_W);
	boot_map_region(kern_pgdir, KERNBASE + memory, window - memory, memory,
	                PTE_W);
