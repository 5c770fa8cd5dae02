// PTE_W instead of PTE_U: the kernel may write, and user programs cannot read.
// fails: map_pages check_kern_pgdir nothing_else
// says: (0xef000000) is mapped for the kernel alone
	boot_map_region(kern_pgdir, UPAGES,
	                ROUNDUP(npages * sizeof(*pages), PGSIZE), PADDR(pages),
	                PTE_W);
