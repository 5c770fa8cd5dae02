// Changes the list first and looks at the page then: when it panics, the list
// has been spoilt already.
// fails: free_in_use double_free
// says: is on page_free_list, but it is in use
	struct PageInfo *link = pp->pp_link;

	pp->pp_link = page_free_list;
	page_free_list = pp;
	if (pp->pp_ref != 0 || link != NULL)
		panic("page_free: page is in use or free already");
