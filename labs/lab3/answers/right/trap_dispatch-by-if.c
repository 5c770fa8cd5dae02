// Goes through the cases with if; an unknown trap comes first.

	struct PushRegs regs = tf->tf_regs;
	uint32_t trapno = tf->tf_trapno;

	if (trapno != T_PGFLT && trapno != T_BRKPT && trapno != T_DEBUG &&
	    trapno != T_SYSCALL)
		unexpected_trap(tf);
	else if (trapno == T_PGFLT)
		page_fault_handler(tf);
	else if (trapno == T_SYSCALL)
		tf->tf_regs.reg_eax =
			syscall(regs.reg_eax, regs.reg_edx, regs.reg_ecx,
		                regs.reg_ebx, regs.reg_edi, regs.reg_esi);
	else
		monitor(tf);
