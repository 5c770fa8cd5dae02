// Maps page by page downwards while the memory goes upwards: the pages of the
// stack are in the wrong order.
// fails: map_kstack check_kern_pgdir
// says: is mapped to the wrong physical page
	for (int i = 0; i < KSTKSIZE / PGSIZE; i++)
		boot_map_region(kern_pgdir, KSTACKTOP - (i + 1) * PGSIZE,
		                PGSIZE, PADDR(bootstack + i * PGSIZE), PTE_W);
