// Rounds the number of elements to a multiple of 4096, not their size.
// fails: memory_sizes
// says: past pages[]
	boot_map_region(kern_pgdir, UPAGES,
	                ROUNDUP(npages, PGSIZE) * sizeof(*pages), PADDR(pages),
	                PTE_U);
