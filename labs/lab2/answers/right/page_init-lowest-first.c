// Keeps the list in the order of the addresses, a loop for each free range.
	const size_t ranges[][2] = {
		{ 1, PGNUM(MPENTRY_PADDR) },
		{ PGNUM(MPENTRY_PADDR) + 1, PGNUM(IOPHYSMEM) },
		{ PGNUM(PADDR(boot_alloc(0))), npages },
	};
	struct PageInfo **tail = &page_free_list;

	for (size_t r = 0; r < ARRAY_SIZE(ranges); r++) {
		for (size_t i = ranges[r][0]; i < ranges[r][1]; i++) {
			*tail = &pages[i];
			tail = &pages[i].pp_link;
		}
	}
	*tail = NULL;
