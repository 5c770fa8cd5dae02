// Walks from the front and stops at the first row that is not above the
// address, which is always the very first.
// fails: backtrace_symbols backtrace_lines debuginfo_line
// says: the backtrace names a wrong function or offset
	for (uint32_t i = 0; i < view->nlines; i++) {
		const struct Symline *row = &view->lines[i];

		if (row->sl_addr > addr)
			continue;
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
