// Takes the last page of the list instead of the first; no order is promised.
	struct PageInfo **link = &page_free_list;
	struct PageInfo *pp;
	char *start;

	if (!*link)
		return NULL;
	while ((*link)->pp_link)
		link = &(*link)->pp_link;
	pp = *link;
	*link = NULL;
	start = page2kva(pp);
	if ((alloc_flags & ALLOC_ZERO) != 0)
		for (int i = 0; i < PGSIZE; i++)
			start[i] = 0;
	return pp;
