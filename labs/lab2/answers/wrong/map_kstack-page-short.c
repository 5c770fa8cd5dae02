// The uppermost page, which is used first, is missing.
// fails: map_kstack check_kern_pgdir
// says: va effff000
	boot_map_region(kern_pgdir, KSTACKTOP - KSTKSIZE, KSTKSIZE - PGSIZE,
	                PADDR(bootstack), PTE_W);
