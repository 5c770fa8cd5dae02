// One blank before `eip` and `args` where there should be two.
// fails: backtrace_count backtrace_monitor backtrace_arguments
// says: a line of the backtrace does not have the form that it should have
	uint32_t *ebp = (uint32_t *)read_ebp();
	struct Eipdebuginfo info;

	cprintf("Stack backtrace:\n");
	for (int i = 0; i < BACKTRACE_MAX; i++) {
		if (!frame_readable((uintptr_t)ebp))
			break;
		cprintf("  ebp %08x eip %08x args %08x %08x %08x %08x %08x\n",
		        (uint32_t)(uintptr_t)ebp, ebp[1], ebp[2], ebp[3],
		        ebp[4], ebp[5], ebp[6]);
		debuginfo_eip(ebp[1], &info);
		cprintf("         %s:%d: %.*s+%u\n", info.eip_file,
		        info.eip_line, info.eip_fn_namelen, info.eip_fn_name,
		        (uint32_t)(ebp[1] - info.eip_fn_addr));
		ebp = (uint32_t *)ebp[0];
	}
	return 0;
