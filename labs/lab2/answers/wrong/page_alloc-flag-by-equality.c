// Zeroes only when ALLOC_ZERO is the only flag.
// fails: check_page_alloc
// says: ALLOC_ZERO among other flags
	struct PageInfo *pp = page_free_list;

	if (pp == NULL)
		return NULL;
	page_free_list = pp->pp_link;
	pp->pp_link = NULL;
	if (alloc_flags == ALLOC_ZERO)
		memset(page2kva(pp), 0, PGSIZE);
	return pp;
