// Kernel entry: one entry point for each exception and for the system call, and
// the code that they share.

#include <kern/trapstub.h>

	.text
	.weak	_alltraps // missing until this lab is done

// The entry points: one for each vector of inc/trap.h that the processor raises
// (0 to 8, 10 to 14 and 16 to 19) and one for T_SYSCALL, and the code _alltraps
// that they share. trap_init enters them in the IDT.
//
// Which vectors come with an error code is told by the Intel SDM vol. 3A,
// "Protected-Mode Exceptions and Interrupts".
//
// _alltraps makes what is on the stack a struct Trapframe (inc/trap.h), which
// the processor and the stub have begun from its end; loads ds and es with the
// kernel's data segment GD_KD, for they are still the interrupted program's;
// clears the direction flag, as C code expects; and calls trap
// (kern/trapcore.c) with the frame's address as its argument. ebp, fs and gs
// stay as they are: backtraces go on through ebp, and the frame has no place
// for fs and gs. When trap returns, the trap came from the kernel itself: all
// registers are as they were in the frame and the interrupted code goes on.
//
// @solution lab3.trap_entry
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
TRAPHANDLER_NOEC(trap_machine_check, T_MCHK)
TRAPHANDLER_NOEC(trap_simd, T_SIMDERR)
TRAPHANDLER_NOEC(trap_syscall, T_SYSCALL)

	.type	_alltraps, @function
_alltraps:
	pushl	%ds
	pushl	%es
	pushal
	movl	$GD_KD, %eax
	movl	%eax, %ds
	movl	%eax, %es
	cld
	pushl	%esp
	call	trap
	addl	$4, %esp
	popal
	popl	%es
	popl	%ds
	addl	$8, %esp
	iret
	.size	_alltraps, . - _alltraps
// @stub // Exercise lab3.trap_entry: your code here.
// @end lab3.trap_entry
