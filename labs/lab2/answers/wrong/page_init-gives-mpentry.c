// Forgets the page at MPENTRY_PADDR.
// fails: check_page_free_list free_list
// says: MPENTRY_PADDR
	size_t kernel_end = PGNUM(PADDR(boot_alloc(0)));

	page_free_list = NULL;
	for (size_t i = 1; i < npages; i++) {
		if (i >= PGNUM(IOPHYSMEM) && i < kernel_end)
			continue;
		pages[i].pp_ref = 0;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
