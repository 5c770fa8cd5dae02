// Compares page numbers with a virtual address: all memory above the hole seems
// to be in use.
// fails: check_page_free_list free_list
// says: may be used
	size_t in_use = PGNUM(boot_alloc(0));

	page_free_list = NULL;
	for (size_t i = 1; i < npages; i++) {
		if (i == PGNUM(MPENTRY_PADDR))
			continue;
		if (i >= PGNUM(IOPHYSMEM) && i < in_use)
			continue;
		pages[i].pp_ref = 0;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
