// Panics only when both signs of a wrong call are there at once.
// fails: double_free free_in_use
// says: freeing a free page was not refused
	if (pp->pp_ref != 0 && pp->pp_link != NULL)
		panic("page_free: bad page");
	pp->pp_link = page_free_list;
	page_free_list = pp;
