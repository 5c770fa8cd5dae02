// Never moves the list on: every call returns the same page.
// fails: check_page_alloc
// says: page_alloc
	struct PageInfo *pp = page_free_list;

	if (pp == NULL)
		return NULL;
	pp->pp_link = NULL;
	if (alloc_flags & ALLOC_ZERO)
		memset(page2kva(pp), 0, PGSIZE);
	return pp;
