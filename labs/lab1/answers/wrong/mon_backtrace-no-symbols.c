// Prints the frames but not the second lines, which tell where they are.
// fails: backtrace_symbols backtrace_lines
// says: the backtrace does not say where
	uint32_t *ebp = (uint32_t *)read_ebp();
	int n = 0;

	cprintf("Stack backtrace:\n");
	while (frame_readable((uintptr_t)ebp) && n++ < BACKTRACE_MAX) {
		cprintf("  ebp %08x  eip %08x  args %08x %08x %08x %08x %08x\n",
		        (uint32_t)(uintptr_t)ebp, ebp[1], ebp[2], ebp[3],
		        ebp[4], ebp[5], ebp[6]);
		ebp = (uint32_t *)ebp[0];
	}
	return 0;
