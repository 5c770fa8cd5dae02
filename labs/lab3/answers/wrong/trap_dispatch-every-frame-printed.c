// Prints the frame of every trap, before it looks what the trap is: that of a
// fault is printed twice.
// fails: divzero

	struct PushRegs *regs = &tf->tf_regs;

	print_trapframe(tf);
	switch (tf->tf_trapno) {
	case T_SYSCALL:
		regs->reg_eax = syscall(regs->reg_eax, regs->reg_edx,
		                        regs->reg_ecx, regs->reg_ebx,
		                        regs->reg_edi, regs->reg_esi);
		return;
	case T_PGFLT:
		page_fault_handler(tf);
		return;
	case T_BRKPT:
	case T_DEBUG:
		monitor(tf);
		return;
	}
	unexpected_trap(tf);
