// Frees a page that is free already: the list becomes a ring.
// fails: double_free
// says: freeing a free page was not refused
	if (pp->pp_ref)
		panic("page_free: page is in use");
	pp->pp_link = page_free_list;
	page_free_list = pp;
