// Links every page first and then unlinks those in use, but leaves their own
// pp_link as it was.
// fails: free_list free_list_sizes
// says: is set though the page is not free
	size_t kernel_end = PGNUM(PADDR(boot_alloc(0)));

	page_free_list = NULL;
	for (size_t i = 0; i < npages; i++) {
		pages[i].pp_ref = 0;
		pages[i].pp_link = page_free_list;
		if (i == 0 || i == PGNUM(MPENTRY_PADDR))
			continue;
		if (i >= PGNUM(IOPHYSMEM) && i < kernel_end)
			continue;
		page_free_list = &pages[i];
	}
