// Accepts only a row that starts at the address itself; a return address is
// mostly in the middle of one.
// fails: backtrace_symbols backtrace_lines debuginfo_line
	uint32_t lo = 0, hi = view->nlines;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		const struct Symline *row = &view->lines[mid];

		if (row->sl_addr < addr) {
			lo = mid + 1;
			continue;
		}
		if (row->sl_addr > addr) {
			hi = mid;
			continue;
		}
		if (row->sl_func >= view->nfuncs ||
		    row->sl_file >= view->strsize)
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
	}
	return -1;
