// Takes the number and the first argument from the frame, but the others from
// the processor's registers, which are the kernel's by now.
// fails: hello

	uint32_t a2, a3, a4, a5;

	switch (tf->tf_trapno) {
	case T_PGFLT:
		page_fault_handler(tf);
		return;
	case T_DEBUG:
	case T_BRKPT:
		monitor(tf);
		return;
	case T_SYSCALL:
		__asm__ volatile("" : "=c"(a2), "=b"(a3), "=D"(a4), "=S"(a5));
		tf->tf_regs.reg_eax =
			syscall(tf->tf_regs.reg_eax, tf->tf_regs.reg_edx, a2,
		                a3, a4, a5);
		return;
	}
	unexpected_trap(tf);
