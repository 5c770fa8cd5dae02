// Looks for the frame pointer 0 and for nothing else: one that leads to memory
// which is not there makes the backtrace itself fault.
// fails: backtrace_damaged
// says: mon_backtrace
	uint32_t *ebp = (uint32_t *)read_ebp();
	struct Eipdebuginfo info;
	int n = 0;

	cprintf("Stack backtrace:\n");
	while (ebp != NULL && n++ < BACKTRACE_MAX) {
		cprintf("  ebp %08x  eip %08x  args %08x %08x %08x %08x %08x\n",
		        (uint32_t)(uintptr_t)ebp, ebp[1], ebp[2], ebp[3],
		        ebp[4], ebp[5], ebp[6]);
		debuginfo_eip(ebp[1], &info);
		cprintf("         %s:%d: %.*s+%u\n", info.eip_file,
		        info.eip_line, info.eip_fn_namelen, info.eip_fn_name,
		        (uint32_t)(ebp[1] - info.eip_fn_addr));
		ebp = (uint32_t *)ebp[0];
	}
	return 0;
