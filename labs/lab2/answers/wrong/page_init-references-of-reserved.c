// Marks the pages in use by pp_ref 1, though nothing maps them.
// fails: free_list free_list_sizes
// says: pp_ref of page 0x0 is wrong
	size_t kernel_end = PGNUM(PADDR(boot_alloc(0)));

	page_free_list = NULL;
	for (size_t i = 0; i < npages; i++) {
		if (i == 0 || i == PGNUM(MPENTRY_PADDR) ||
		    (i >= PGNUM(IOPHYSMEM) && i < kernel_end)) {
			pages[i].pp_ref = 1;
			pages[i].pp_link = NULL;
			continue;
		}
		pages[i].pp_ref = 0;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
