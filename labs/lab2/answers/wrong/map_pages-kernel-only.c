// User programs cannot read it.
// fails: map_pages check_kern_pgdir nothing_else
// says: the permissions at va ef000000 are wrong
	boot_map_region(kern_pgdir, UPAGES,
	                ROUNDUP(npages * sizeof(*pages), PGSIZE), PADDR(pages),
	                0);
