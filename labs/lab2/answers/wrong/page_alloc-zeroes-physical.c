// Zeroes at the page's physical address, as if that could be used as it is.
// fails: check_page_alloc
// says: page_alloc
	struct PageInfo *pp = page_free_list;

	if (pp == NULL)
		return NULL;
	page_free_list = pp->pp_link;
	pp->pp_link = NULL;
	if (alloc_flags & ALLOC_ZERO)
		memset((void *)page2pa(pp), 0, PGSIZE);
	return pp;
