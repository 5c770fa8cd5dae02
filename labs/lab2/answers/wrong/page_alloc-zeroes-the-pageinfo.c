// Zeroes what the kernel notes about the page, and 4096 bytes more or less of
// its neighbours', instead of the page.
// fails: check_page_alloc
// says: page_alloc
	struct PageInfo *pp = page_free_list;

	if (pp == NULL)
		return NULL;
	page_free_list = pp->pp_link;
	pp->pp_link = NULL;
	if (alloc_flags & ALLOC_ZERO)
		memset(pp, 0, PGSIZE);
	return pp;
