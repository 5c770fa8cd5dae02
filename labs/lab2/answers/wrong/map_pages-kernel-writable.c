// PTE_W instead of PTE_U: the kernel may write, and user programs cannot read.
// fails: map_pages check_kern_pgdir nothing_else
// says: the permissions at va ef000000 are wrong
	boot_map_region(kern_pgdir, UPAGES,
	                ROUNDUP(npages * sizeof(*pages), PGSIZE), PADDR(pages),
	                PTE_W);
