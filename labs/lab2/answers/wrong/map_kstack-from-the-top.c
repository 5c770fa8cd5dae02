// Maps from KSTACKTOP upwards, where the window to physical memory begins,
// instead of up to it.
// fails: map_kstack check_kern_pgdir nothing_else
// says: va efff8000
	boot_map_region(kern_pgdir, KSTACKTOP, KSTKSIZE, PADDR(bootstack),
	                PTE_W);
