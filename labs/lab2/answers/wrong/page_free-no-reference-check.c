// Frees a page that is still mapped.
// fails: free_in_use
// says: freeing a page in use was not refused
	if (pp->pp_link)
		panic("page_free: page is free already");
	pp->pp_link = page_free_list;
	page_free_list = pp;
