// Clears pp_link before it moves the list on: all other free pages are lost.
// fails: check_page_alloc
// says: page_alloc
	struct PageInfo *pp = page_free_list;

	if (pp == NULL)
		return NULL;
	pp->pp_link = NULL;
	page_free_list = pp->pp_link;
	if (alloc_flags & ALLOC_ZERO)
		memset(page2kva(pp), 0, PGSIZE);
	return pp;
