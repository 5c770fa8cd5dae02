// User code may read the kernel's stack and write to it.
// fails: map_kstack check_kern_pgdir nothing_else
// says: (0xefff8000) is mapped user-writable
	boot_map_region(kern_pgdir, KSTACKTOP - KSTKSIZE, KSTKSIZE,
	                PADDR(bootstack), PTE_W | PTE_U);
