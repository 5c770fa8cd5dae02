// User code may read and write all of the machine's memory.
// fails: map_kernbase check_kern_pgdir nothing_else
// says: the permissions at va f0000000 are wrong
	boot_map_region(kern_pgdir, KERNBASE, -KERNBASE, 0, PTE_W | PTE_U);
