// User programs cannot read it.
// fails: map_pages check_kern_pgdir nothing_else
// says: (0xef000000) is mapped for the kernel alone
	boot_map_region(kern_pgdir, UPAGES,
	                ROUNDUP(npages * sizeof(*pages), PGSIZE), PADDR(pages),
	                0);
