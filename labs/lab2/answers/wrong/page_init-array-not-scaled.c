// Takes npages for the size of pages[] in bytes: most of the array, and envs[]
// behind it, are given out.
// fails: check_page_free_list free_list
// says: the kernel's or allocated by boot_alloc
	physaddr_t used = ROUNDUP(PADDR(pages) + npages, PGSIZE);

	page_free_list = NULL;
	for (size_t i = 1; i < npages; i++) {
		physaddr_t pa = i * PGSIZE;

		if (pa == MPENTRY_PADDR || (pa >= IOPHYSMEM && pa < used))
			continue;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
