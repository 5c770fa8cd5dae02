// Maps one page too many, the topmost of the guard.
// fails: map_kstack check_kern_pgdir nothing_else
// says: the guard below the kernel stack
	boot_map_region(kern_pgdir, KSTACKTOP - KSTKSIZE - PGSIZE,
	                KSTKSIZE + PGSIZE, PADDR(bootstack) - PGSIZE, PTE_W);
