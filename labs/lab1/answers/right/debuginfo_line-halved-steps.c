// Counts how many rows start at or below the address in steps of halved size,
// and fills in a copy of *info.
	struct Eipdebuginfo found = *info;
	const struct Symline *row;
	const struct Symfunc *func;
	uint32_t passed = 0;

	for (uint32_t step = 1u << 31; step != 0; step >>= 1)
		if (step <= view->nlines - passed &&
		    view->lines[passed + step - 1].sl_addr <= addr)
			passed += step;
	if (passed == 0)
		return -1;
	row = view->lines + passed - 1;
	if (row->sl_func >= view->nfuncs)
		return -1;
	func = view->funcs + row->sl_func;
	if (MAX((uint32_t)row->sl_file, func->sf_name) >= view->strsize)
		return -1;
	found.eip_file = view->strings + row->sl_file;
	found.eip_line = row->sl_line;
	found.eip_fn_name = view->strings + func->sf_name;
	found.eip_fn_namelen = strlen(found.eip_fn_name);
	found.eip_fn_addr = func->sf_addr;
	*info = found;
	return 0;
