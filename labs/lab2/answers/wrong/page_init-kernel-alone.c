// Takes `end` for the end of what is in use, and gives out what boot_alloc gave
// already: kern_pgdir, pages[] and envs[].
// fails: check_page_free_list free_list
// says: the kernel's or allocated by boot_alloc
	extern char end[];
	size_t kernel_end = PGNUM(ROUNDUP(PADDR(end), PGSIZE));

	page_free_list = NULL;
	for (size_t i = 1; i < npages; i++) {
		if (i == PGNUM(MPENTRY_PADDR))
			continue;
		if (i >= PGNUM(IOPHYSMEM) && i < kernel_end)
			continue;
		pages[i].pp_ref = 0;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
