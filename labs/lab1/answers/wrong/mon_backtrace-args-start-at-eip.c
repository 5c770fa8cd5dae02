// Counts the return address as the first argument.
// fails: backtrace_arguments
// says: the backtrace shows wrong arguments
	uint32_t *ebp = (uint32_t *)read_ebp();
	struct Eipdebuginfo info;

	cprintf("Stack backtrace:\n");
	for (int i = 0; i < BACKTRACE_MAX; i++) {
		if (!frame_readable((uintptr_t)ebp))
			break;
		cprintf("  ebp %08x  eip %08x  args", (uint32_t)(uintptr_t)ebp,
		        ebp[1]);
		for (int a = 1; a <= 5; a++)
			cprintf(" %08x", ebp[a]);
		cprintf("\n");
		debuginfo_eip(ebp[1], &info);
		cprintf("         %s:%d: %.*s+%u\n", info.eip_file,
		        info.eip_line, info.eip_fn_namelen, info.eip_fn_name,
		        (uint32_t)(ebp[1] - info.eip_fn_addr));
		ebp = (uint32_t *)ebp[0];
	}
	return 0;
