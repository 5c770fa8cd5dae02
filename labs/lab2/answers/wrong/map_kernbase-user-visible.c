// User code may read and write all of the machine's memory.
// fails: map_kernbase check_kern_pgdir nothing_else
// says: (0xf0000000) is mapped user-writable
	boot_map_region(kern_pgdir, KERNBASE, -KERNBASE, 0, PTE_W | PTE_U);
