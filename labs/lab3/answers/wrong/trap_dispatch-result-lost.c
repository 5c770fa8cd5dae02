// Makes the system call, but its result does not become the program's eax.
// fails: hello syscalls

	switch (tf->tf_trapno) {
	case T_PGFLT:
		page_fault_handler(tf);
		return;
	case T_DEBUG:
	case T_BRKPT:
		monitor(tf);
		return;
	case T_SYSCALL:
		syscall(
			tf->tf_regs.reg_eax, tf->tf_regs.reg_edx,
			tf->tf_regs.reg_ecx, tf->tf_regs.reg_ebx,
			tf->tf_regs.reg_edi, tf->tf_regs.reg_esi);
		return;
	}
	unexpected_trap(tf);
