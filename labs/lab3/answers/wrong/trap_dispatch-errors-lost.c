// Only results that are no errors become the program's eax.
// fails: syscalls

	int32_t r;

	switch (tf->tf_trapno) {
	case T_PGFLT:
		page_fault_handler(tf);
		return;
	case T_DEBUG:
	case T_BRKPT:
		monitor(tf);
		return;
	case T_SYSCALL:
		r = syscall(
			tf->tf_regs.reg_eax, tf->tf_regs.reg_edx,
			tf->tf_regs.reg_ecx, tf->tf_regs.reg_ebx,
			tf->tf_regs.reg_edi, tf->tf_regs.reg_esi);
		if (r >= 0)
			tf->tf_regs.reg_eax = r;
		return;
	}
	unexpected_trap(tf);
