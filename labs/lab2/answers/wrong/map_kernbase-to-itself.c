// Maps the addresses from KERNBASE to themselves, where there is no memory.
// fails: map_kernbase check_kern_pgdir nothing_else
// says: is mapped to the wrong physical page
	boot_map_region(kern_pgdir, KERNBASE, -KERNBASE, KERNBASE, PTE_W);
