// Takes for granted that there is a current environment.
// fails: debuginfo_user

	const struct Symtab *table = (const struct Symtab *)USTABDATA;

	if (user_mem_check(curenv, table, sizeof(*table), PTE_U) < 0)
		return -1;
	if (!symtab_view(table, view))
		return -1;
	if (user_mem_check(curenv, view->lines,
	                   view->nlines * sizeof(struct Symline), PTE_U) < 0)
		return -1;
	if (user_mem_check(curenv, view->funcs,
	                   view->nfuncs * sizeof(struct Symfunc), PTE_U) < 0)
		return -1;
	if (user_mem_check(curenv, view->strings, view->strsize, PTE_U) < 0)
		return -1;
	if (view->strsize == 0 || view->strings[view->strsize - 1] != '\0')
		return -1;
	return 0;
