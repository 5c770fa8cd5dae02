// The kernel may not write to its memory.
// fails: map_kernbase check_kern_pgdir nothing_else
// says: (0xf0000000) is mapped for the kernel alone, read-only
	boot_map_region(kern_pgdir, KERNBASE, -KERNBASE, 0, 0);
