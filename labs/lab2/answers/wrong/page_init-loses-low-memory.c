// Counts all memory below the kernel's end as in use, and so loses what lies
// below the hole.
// fails: check_page_free_list free_list
// says: may be used
	page_free_list = NULL;
	for (size_t i = PGNUM(PADDR(boot_alloc(0))); i < npages; i++) {
		pages[i].pp_ref = 0;
		pages[i].pp_link = page_free_list;
		page_free_list = &pages[i];
	}
