// Takes KERNBASE for the window's size: it goes on past 2^32 and through the
// user's addresses.
// fails: check_kern_pgdir nothing_else
// says: below UPAGES
	boot_map_region(kern_pgdir, KERNBASE, KERNBASE, 0, PTE_W);
