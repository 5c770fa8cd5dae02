// Gives two vectors the same entry point, as if the number did not matter.
// fails: idt
// says: vectors 19 and 18

TRAPHANDLER_NOEC(trap_divide, T_DIVIDE)
TRAPHANDLER_NOEC(trap_debug, T_DEBUG)
TRAPHANDLER_NOEC(trap_nmi, T_NMI)
TRAPHANDLER_NOEC(trap_breakpoint, T_BRKPT)
TRAPHANDLER_NOEC(trap_overflow, T_OFLOW)
TRAPHANDLER_NOEC(trap_bound, T_BOUND)
TRAPHANDLER_NOEC(trap_invalid_opcode, T_ILLOP)
TRAPHANDLER_NOEC(trap_device, T_DEVICE)
TRAPHANDLER(trap_double_fault, T_DBLFLT)
TRAPHANDLER(trap_invalid_tss, T_TSS)
TRAPHANDLER(trap_segment, T_SEGNP)
TRAPHANDLER(trap_stack, T_STACK)
TRAPHANDLER(trap_protection, T_GPFLT)
TRAPHANDLER(trap_page_fault, T_PGFLT)
TRAPHANDLER_NOEC(trap_fpu, T_FPERR)
TRAPHANDLER(trap_alignment, T_ALIGN)
TRAPHANDLER_NOEC(trap_simd, T_SIMDERR)
	.globl	trap_machine_check
	.set	trap_machine_check, trap_simd
TRAPHANDLER_NOEC(trap_syscall, T_SYSCALL)

_alltraps:
	pushl	%ds
	pushl	%es
	pushal
	movw	$GD_KD, %ax
	movw	%ax, %ds
	movw	%ax, %es
	cld
	pushl	%esp
	call	trap
	addl	$4, %esp
	popal
	popl	%es
	popl	%ds
	addl	$8, %esp
	iret
