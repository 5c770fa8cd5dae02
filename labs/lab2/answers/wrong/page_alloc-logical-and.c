// && where & was meant: any flag makes it zero the page.
// fails: check_page_alloc
// says: zeroed a page without ALLOC_ZERO
	struct PageInfo *pp = page_free_list;

	if (pp == NULL)
		return NULL;
	page_free_list = pp->pp_link;
	pp->pp_link = NULL;
	if (alloc_flags && ALLOC_ZERO)
		memset(page2kva(pp), 0, PGSIZE);
	return pp;
