// Not even the kernel may write to its stack.
// fails: map_kstack check_kern_pgdir nothing_else
// says: is mapped for the kernel alone, read-only
	boot_map_region(kern_pgdir, KSTACKTOP - KSTKSIZE, KSTKSIZE,
	                PADDR(bootstack), 0);
