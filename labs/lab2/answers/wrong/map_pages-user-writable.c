// User programs may write what the kernel notes of its pages.
// fails: map_pages check_kern_pgdir nothing_else
// says: (0xef000000) is mapped user-writable
	boot_map_region(kern_pgdir, UPAGES,
	                ROUNDUP(npages * sizeof(*pages), PGSIZE), PADDR(pages),
	                PTE_U | PTE_W);
