// Notices a wrong call but only returns.
// fails: double_free free_in_use
// says: freeing a free page was not refused
	if (pp->pp_ref != 0 || pp->pp_link != NULL)
		return;
	pp->pp_link = page_free_list;
	page_free_list = pp;
