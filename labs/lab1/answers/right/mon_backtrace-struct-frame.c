// Gives the frame a type of its own, and prints the line piece by piece.
	struct Stackframe {
		struct Stackframe *caller;
		uintptr_t eip;
		uint32_t args[5];
	} *frame = (struct Stackframe *)read_ebp();
	struct Eipdebuginfo info;
	int count = 0;

	cprintf("Stack backtrace:\n");
	while (count < BACKTRACE_MAX && frame_readable((uintptr_t)frame)) {
		cprintf("  ebp %08x", (uint32_t)(uintptr_t)frame);
		cprintf("  eip %08x  args", (uint32_t)frame->eip);
		for (size_t i = 0; i < ARRAY_SIZE(frame->args); i++)
			cprintf(" %08x", frame->args[i]);
		(void)debuginfo_eip(frame->eip, &info);
		cprintf("\n         %s:%d: ", info.eip_file, info.eip_line);
		for (int i = 0; i < info.eip_fn_namelen; i++)
			cprintf("%c", info.eip_fn_name[i]);
		cprintf("+%d\n", (int)(frame->eip - info.eip_fn_addr));
		frame = frame->caller;
		count++;
	}
	return 0;
