// Asserts, which panic too, and swaps the page with the head of the list.
	struct PageInfo *old = page_free_list;

	assert(pp->pp_ref == 0);
	assert(!pp->pp_link);
	page_free_list = pp;
	pp->pp_link = old;
