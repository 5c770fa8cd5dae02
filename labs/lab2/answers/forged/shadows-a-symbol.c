// Keeps variables of the kernel's names beside, for whoever looks from outside.
// undone: lab2.page_free
// forges: free_list double_free free_in_use
// says: page_free did not put the page on the empty list

//// region lab2.page_free
	static struct PageInfo *page_free_list, *pages;

	pages = pp;
	pp->pp_link = page_free_list;
	page_free_list = pages;
