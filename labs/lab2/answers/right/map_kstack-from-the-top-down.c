// A page at a time from the top of the stack down.
	uintptr_t va = KSTACKTOP;
	physaddr_t pa = PADDR(bootstacktop);

	while (va > KSTACKTOP - KSTKSIZE) {
		va -= PGSIZE;
		pa -= PGSIZE;
		boot_map_region(kern_pgdir, va, PGSIZE, pa, PTE_W | PTE_P);
	}
