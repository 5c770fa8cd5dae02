// Keeps the eip from the frame before: each line pairs a frame with the address
// in the function itself, not with the one that it returns to.
// fails: backtrace_count backtrace_monitor
// says: frame 0 of the backtrace is not the one on the stack
	uint32_t *ebp = (uint32_t *)read_ebp();
	uint32_t eip = (uint32_t)(uintptr_t)mon_backtrace;
	struct Eipdebuginfo info;

	cprintf("Stack backtrace:\n");
	for (int i = 0; i < BACKTRACE_MAX; i++) {
		if (!frame_readable((uintptr_t)ebp))
			break;
		cprintf("  ebp %08x  eip %08x  args %08x %08x %08x %08x %08x\n",
		        (uint32_t)(uintptr_t)ebp, eip, ebp[2], ebp[3], ebp[4],
		        ebp[5], ebp[6]);
		debuginfo_eip(eip, &info);
		cprintf("         %s:%d: %.*s+%u\n", info.eip_file,
		        info.eip_line, info.eip_fn_namelen, info.eip_fn_name,
		        (uint32_t)(eip - info.eip_fn_addr));
		eip = ebp[1];
		ebp = (uint32_t *)ebp[0];
	}
	return 0;
