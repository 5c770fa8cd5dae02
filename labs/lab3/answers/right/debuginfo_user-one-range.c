// The parts follow one another, so that one check covers them all.

	const struct Symtab *table = (const struct Symtab *)USTABDATA;
	const char *stop;

	if (curenv == NULL ||
	    user_mem_check(curenv, table, sizeof(*table), PTE_U) != 0 ||
	    !symtab_view(table, view) || view->strsize < 1)
		return -1;
	stop = view->strings + view->strsize;
	if (user_mem_check(curenv, table, stop - (const char *)table, PTE_U))
		return -1;
	return stop[-1] == '\0' ? 0 : -1;
