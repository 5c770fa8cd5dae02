// Takes bootstacktop, where the stack ends, for where it starts.
// fails: map_kstack check_kern_pgdir
// says: is mapped to the wrong physical page
	boot_map_region(kern_pgdir, KSTACKTOP - KSTKSIZE, KSTKSIZE,
	                PADDR(bootstacktop), PTE_W);
