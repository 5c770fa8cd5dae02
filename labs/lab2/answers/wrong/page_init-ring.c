// Two loops that both take the last page below the hole, which then leads back
// to itself.
// fails: check_page_free_list free_list
// says: page_free_list
	size_t kernel_end = PGNUM(PADDR(boot_alloc(0)));
	size_t i;

	page_free_list = NULL;
	for (i = 1; i < PGNUM(IOPHYSMEM); i++) {
		if (i == PGNUM(MPENTRY_PADDR))
			continue;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
	for (i--; i < npages; i++) {
		if (i >= PGNUM(IOPHYSMEM) && i < kernel_end)
			continue;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
