// Does not ask for PTE_U: pages that the program itself may not read will do.
// fails: debuginfo_user

	const struct Symtab *table = (const struct Symtab *)USTABDATA;

	if (!curenv)
		return -1;
	if (user_mem_check(curenv, table, sizeof(*table), 0) < 0)
		return -1;
	if (!symtab_view(table, view))
		return -1;
	if (user_mem_check(curenv, view->lines,
	                   view->nlines * sizeof(struct Symline), 0) < 0)
		return -1;
	if (user_mem_check(curenv, view->funcs,
	                   view->nfuncs * sizeof(struct Symfunc), 0) < 0)
		return -1;
	if (user_mem_check(curenv, view->strings, view->strsize, 0) < 0)
		return -1;
	if (view->strsize == 0 || view->strings[view->strsize - 1] != '\0')
		return -1;
	return 0;
