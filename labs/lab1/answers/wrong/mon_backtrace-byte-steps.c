// Adds 1 to the frame pointer as a number, and so moves by a byte where a word
// was meant.
// fails: backtrace_count backtrace_arguments
// says: frame 0 of the backtrace is not the one on the stack
	uintptr_t ebp = read_ebp();
	struct Eipdebuginfo info;

	cprintf("Stack backtrace:\n");
	for (int i = 0; i < BACKTRACE_MAX && frame_readable(ebp); i++) {
		uint32_t eip = *(uint32_t *)(ebp + 1);

		cprintf("  ebp %08x  eip %08x  args", (uint32_t)ebp, eip);
		for (int a = 0; a < 5; a++)
			cprintf(" %08x", *(uint32_t *)(ebp + 2 + a));
		cprintf("\n");
		debuginfo_eip(eip, &info);
		cprintf("         %s:%d: %.*s+%u\n", info.eip_file,
		        info.eip_line, info.eip_fn_namelen, info.eip_fn_name,
		        (uint32_t)(eip - info.eip_fn_addr));
		ebp = *(uint32_t *)ebp;
	}
	return 0;
