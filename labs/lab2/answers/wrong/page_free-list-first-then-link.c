// Checks pp_link only after it has changed the list: a page that is freed twice
// leaves the list a circle.
// fails: double_free
// says: goes round in circles
	struct PageInfo *link = pp->pp_link;

	if (pp->pp_ref != 0)
		panic("page_free: page is in use");
	pp->pp_link = page_free_list;
	page_free_list = pp;
	if (link != NULL)
		panic("page_free: page is free already");
