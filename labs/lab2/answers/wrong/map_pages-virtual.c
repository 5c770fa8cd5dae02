// Takes the array's kernel address for its physical one.
// fails: map_pages check_kern_pgdir
// says: is mapped to the wrong physical page
	boot_map_region(kern_pgdir, UPAGES,
	                ROUNDUP(npages * sizeof(*pages), PGSIZE),
	                (physaddr_t)pages, PTE_U);
