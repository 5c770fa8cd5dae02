// Finds the frame below its first argument, as the calling convention has it,
// and tells the end by itself before it asks frame_readable.
	uint32_t *ebp = (uint32_t *)&argc - 2;
	struct Eipdebuginfo info;
	int left = BACKTRACE_MAX;

	cprintf("Stack backtrace:\n");
	while (ebp) {
		if (left-- == 0 || !frame_readable((uintptr_t)ebp))
			return 0;
		cprintf("  ebp %08x  eip %08x  args %08x %08x %08x %08x %08x\n",
		        (uint32_t)(uintptr_t)ebp, ebp[1], ebp[2], ebp[3],
		        ebp[4], ebp[5], ebp[6]);
		debuginfo_eip(ebp[1], &info);
		cprintf("%9s%s:%d: %.*s+%u\n", "", info.eip_file,
		        info.eip_line, info.eip_fn_namelen, info.eip_fn_name,
		        (uint32_t)(ebp[1] - info.eip_fn_addr));
		ebp = (uint32_t *)ebp[0];
	}
	return 0;
