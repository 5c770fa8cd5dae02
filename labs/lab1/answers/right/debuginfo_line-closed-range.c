// Halves a range whose two ends both count, and remembers the best row so far.
	int lo = 0, hi = (int)view->nlines - 1, best = -1;

	while (lo <= hi) {
		int mid = (lo + hi) / 2;

		if (view->lines[mid].sl_addr > addr) {
			hi = mid - 1;
		} else {
			best = mid;
			lo = mid + 1;
		}
	}
	if (best < 0)
		return -1;

	uint32_t func = view->lines[best].sl_func;
	uint32_t file = view->lines[best].sl_file;
	if (func >= view->nfuncs || file >= view->strsize ||
	    view->funcs[func].sf_name >= view->strsize)
		return -1;
	info->eip_file = &view->strings[file];
	info->eip_line = view->lines[best].sl_line;
	info->eip_fn_name = &view->strings[view->funcs[func].sf_name];
	info->eip_fn_addr = view->funcs[func].sf_addr;
	info->eip_fn_namelen = 0;
	while (info->eip_fn_name[info->eip_fn_namelen])
		info->eip_fn_namelen++;
	return 0;
