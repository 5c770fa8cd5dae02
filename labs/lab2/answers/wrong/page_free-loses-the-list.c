// Puts the page on the list but not the list behind it.
// fails: free_list
// says: are lost: they are neither on page_free_list
	if (pp->pp_ref != 0 || pp->pp_link != NULL)
		panic("page_free: bad page");
	pp->pp_link = NULL;
	page_free_list = pp;
