// Makes all gates trap gates, since they are for traps: interrupts stay on in
// the kernel if they were on in the program.
// fails: idt
// says: has type 0xf

	void trap_divide(void), trap_debug(void), trap_nmi(void);
	void trap_breakpoint(void), trap_overflow(void), trap_bound(void);
	void trap_invalid_opcode(void), trap_device(void);
	void trap_double_fault(void), trap_invalid_tss(void);
	void trap_segment(void), trap_stack(void), trap_protection(void);
	void trap_page_fault(void), trap_fpu(void), trap_alignment(void);
	void trap_machine_check(void), trap_simd(void), trap_syscall(void);

	SETGATE(idt[T_DIVIDE], 1, GD_KT, trap_divide, 0);
	SETGATE(idt[T_DEBUG], 1, GD_KT, trap_debug, 0);
	SETGATE(idt[T_NMI], 1, GD_KT, trap_nmi, 0);
	SETGATE(idt[T_BRKPT], 1, GD_KT, trap_breakpoint, 3);
	SETGATE(idt[T_OFLOW], 1, GD_KT, trap_overflow, 0);
	SETGATE(idt[T_BOUND], 1, GD_KT, trap_bound, 0);
	SETGATE(idt[T_ILLOP], 1, GD_KT, trap_invalid_opcode, 0);
	SETGATE(idt[T_DEVICE], 1, GD_KT, trap_device, 0);
	SETGATE(idt[T_DBLFLT], 1, GD_KT, trap_double_fault, 0);
	SETGATE(idt[T_TSS], 1, GD_KT, trap_invalid_tss, 0);
	SETGATE(idt[T_SEGNP], 1, GD_KT, trap_segment, 0);
	SETGATE(idt[T_STACK], 1, GD_KT, trap_stack, 0);
	SETGATE(idt[T_GPFLT], 1, GD_KT, trap_protection, 0);
	SETGATE(idt[T_PGFLT], 1, GD_KT, trap_page_fault, 0);
	SETGATE(idt[T_FPERR], 1, GD_KT, trap_fpu, 0);
	SETGATE(idt[T_ALIGN], 1, GD_KT, trap_alignment, 0);
	SETGATE(idt[T_MCHK], 1, GD_KT, trap_machine_check, 0);
	SETGATE(idt[T_SIMDERR], 1, GD_KT, trap_simd, 0);
	SETGATE(idt[T_SYSCALL], 1, GD_KT, trap_syscall, 3);
	trap_init_percpu();
