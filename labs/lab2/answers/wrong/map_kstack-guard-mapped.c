// Maps the guard as well: running over the stack overwrites what lies there.
// fails: map_kstack check_kern_pgdir nothing_else
// says: the guard below the kernel stack
	boot_map_region(kern_pgdir, KSTACKTOP - KSTKSIZE - KSTKGAP,
	                KSTKSIZE + KSTKGAP, PADDR(bootstack) - KSTKGAP, PTE_W);
