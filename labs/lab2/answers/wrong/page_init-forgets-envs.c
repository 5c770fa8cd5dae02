// Works out by hand what was allocated, and forgets that envs[] follows
// pages[].
// fails: check_page_free_list free_list
// says: the kernel's or allocated by boot_alloc
	physaddr_t used = PADDR(ROUNDUP((char *)(pages + npages), PGSIZE));

	page_free_list = NULL;
	for (size_t i = 1; i < npages; i++) {
		if (i == PGNUM(MPENTRY_PADDR))
			continue;
		if (i >= PGNUM(IOPHYSMEM) && i < PGNUM(used))
			continue;
		pages[i].pp_ref = 0;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
