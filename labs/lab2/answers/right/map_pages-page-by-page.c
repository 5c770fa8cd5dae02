// A call for each page that holds a part of the array.
	char *next = (char *)pages;
	uintptr_t va = UPAGES;

	while (next < (char *)(pages + npages)) {
		boot_map_region(kern_pgdir, va, PGSIZE, PADDR(next),
		                PTE_U | PTE_P);
		next += PGSIZE;
		va += PGSIZE;
	}
