// Takes bounds that are not 0 for a row that was found, and so never finds the
// first one.
// fails: debuginfo_line
// says: debuginfo_line returned -1 instead of 0
	uint32_t lo = 0, hi = view->nlines;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (view->lines[mid].sl_addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0 || --lo == 0)
		return -1;
	const struct Symline *row = &view->lines[lo];
	if (row->sl_func >= view->nfuncs || row->sl_file >= view->strsize)
		return -1;
	const struct Symfunc *func = &view->funcs[row->sl_func];
	if (func->sf_name >= view->strsize)
		return -1;
	info->eip_file = view->strings + row->sl_file;
	info->eip_line = row->sl_line;
	info->eip_fn_name = view->strings + func->sf_name;
	info->eip_fn_namelen = strlen(info->eip_fn_name);
	info->eip_fn_addr = func->sf_addr;
	return 0;
