// Programs may not raise the breakpoint: theirs ends as a protection fault.
// fails: idt breakpoint
// says: vector 3 has DPL 0

	void trap_divide(void), trap_debug(void), trap_nmi(void);
	void trap_breakpoint(void), trap_overflow(void), trap_bound(void);
	void trap_invalid_opcode(void), trap_device(void);
	void trap_double_fault(void), trap_invalid_tss(void);
	void trap_segment(void), trap_stack(void), trap_protection(void);
	void trap_page_fault(void), trap_fpu(void), trap_alignment(void);
	void trap_machine_check(void), trap_simd(void), trap_syscall(void);

	SETGATE(idt[T_DIVIDE], 0, GD_KT, trap_divide, 0);
	SETGATE(idt[T_DEBUG], 0, GD_KT, trap_debug, 0);
	SETGATE(idt[T_NMI], 0, GD_KT, trap_nmi, 0);
	SETGATE(idt[T_BRKPT], 0, GD_KT, trap_breakpoint, 0);
	SETGATE(idt[T_OFLOW], 0, GD_KT, trap_overflow, 0);
	SETGATE(idt[T_BOUND], 0, GD_KT, trap_bound, 0);
	SETGATE(idt[T_ILLOP], 0, GD_KT, trap_invalid_opcode, 0);
	SETGATE(idt[T_DEVICE], 0, GD_KT, trap_device, 0);
	SETGATE(idt[T_DBLFLT], 0, GD_KT, trap_double_fault, 0);
	SETGATE(idt[T_TSS], 0, GD_KT, trap_invalid_tss, 0);
	SETGATE(idt[T_SEGNP], 0, GD_KT, trap_segment, 0);
	SETGATE(idt[T_STACK], 0, GD_KT, trap_stack, 0);
	SETGATE(idt[T_GPFLT], 0, GD_KT, trap_protection, 0);
	SETGATE(idt[T_PGFLT], 0, GD_KT, trap_page_fault, 0);
	SETGATE(idt[T_FPERR], 0, GD_KT, trap_fpu, 0);
	SETGATE(idt[T_ALIGN], 0, GD_KT, trap_alignment, 0);
	SETGATE(idt[T_MCHK], 0, GD_KT, trap_machine_check, 0);
	SETGATE(idt[T_SIMDERR], 0, GD_KT, trap_simd, 0);
	SETGATE(idt[T_SYSCALL], 0, GD_KT, trap_syscall, 3);
	trap_init_percpu();
