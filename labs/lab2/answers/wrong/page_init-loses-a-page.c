// Counts the first page behind the kernel as in use.
// fails: check_page_free_list free_list
// says: may be used
	size_t kernel_end = PGNUM(PADDR(boot_alloc(0)));

	page_free_list = NULL;
	for (size_t i = 1; i < npages; i++) {
		if (i == PGNUM(MPENTRY_PADDR))
			continue;
		if (i >= PGNUM(IOPHYSMEM) && i <= kernel_end)
			continue;
		pages[i].pp_ref = 0;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
