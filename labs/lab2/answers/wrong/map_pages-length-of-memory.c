// Maps as many pages as the array has elements, over all that comes after it.
// fails: check_kern_pgdir nothing_else
	boot_map_region(kern_pgdir, UPAGES, npages * PGSIZE, PADDR(pages),
	                PTE_U);
