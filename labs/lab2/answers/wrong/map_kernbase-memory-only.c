// Maps as much as the machine has memory, not all up to 2^32.
// fails: map_kernbase check_kern_pgdir memory_sizes
// says: va f8000000
	boot_map_region(kern_pgdir, KERNBASE, npages * PGSIZE, 0, PTE_W);
