// Starts from row 0 and only ever moves on: an address before the first row is
// taken to be in it.
// fails: debuginfo_line
// says: debuginfo_line returned 0 instead of -1
	uint32_t lo = 0, hi = view->nlines;

	if (view->nlines == 0)
		return -1;
	while (hi - lo > 1) {
		uint32_t mid = (lo + hi) / 2;

		if (view->lines[mid].sl_addr <= addr)
			lo = mid;
		else
			hi = mid;
	}
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
