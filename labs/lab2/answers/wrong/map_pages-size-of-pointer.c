// Takes the size of a pointer for that of an element: half of the array is
// missing.
// fails: map_pages check_kern_pgdir
// says: va ef020000
	boot_map_region(kern_pgdir, UPAGES,
	                ROUNDUP(npages * sizeof(pages), PGSIZE), PADDR(pages),
	                PTE_U);
