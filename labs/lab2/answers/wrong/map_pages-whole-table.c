// Maps all of UPAGES, far past the end of the array.
// fails: check_kern_pgdir nothing_else
// says: past pages[]
	boot_map_region(kern_pgdir, UPAGES, PTSIZE, PADDR(pages), PTE_U);
