// Takes the list for empty when one page is left.
// fails: check_page_alloc
// says: page_alloc
	struct PageInfo *pp = page_free_list;

	if (pp == NULL || pp->pp_link == NULL)
		return NULL;
	page_free_list = pp->pp_link;
	pp->pp_link = NULL;
	if (alloc_flags & ALLOC_ZERO)
		memset(page2kva(pp), 0, PGSIZE);
	return pp;
