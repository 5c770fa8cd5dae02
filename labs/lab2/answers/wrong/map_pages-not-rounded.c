// Hands over the array's size as it is: with memory for which the array does
// not fill its last page, that page is missing.
// fails: memory_sizes
// says: pages[] at UPAGES
	boot_map_region(kern_pgdir, UPAGES, npages * sizeof(*pages),
	                PADDR(pages), PTE_U);
