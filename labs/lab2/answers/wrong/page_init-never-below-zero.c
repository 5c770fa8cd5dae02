// Counts down with an unsigned number, which is never below 0.
// fails: check_page_free_list free_list
// says: page_init
	size_t kernel_end = PGNUM(PADDR(boot_alloc(0)));

	page_free_list = NULL;
	for (size_t i = npages - 1; i >= 0; i--) {
		pages[i].pp_ref = 0;
		pages[i].pp_link = NULL;
		if (i == 0 || i == PGNUM(MPENTRY_PADDR))
			continue;
		if (i >= PGNUM(IOPHYSMEM) && i < kernel_end)
			continue;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
