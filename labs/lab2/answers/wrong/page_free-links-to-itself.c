// Moves the head of the list first, so that the page links to itself.
// fails: check_page_alloc free_list
// says: page_free
	if (pp->pp_ref != 0 || pp->pp_link != NULL)
		panic("page_free: bad page");
	page_free_list = pp;
	pp->pp_link = page_free_list;
