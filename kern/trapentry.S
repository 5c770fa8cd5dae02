// Where the processor enters the kernel: one stub for each vector, and the code
// that they share.

#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/trap.h>

// TRAPHANDLER(name, num) defines the function `name`, the entry point of vector
// `num` for which the processor pushes an error code; TRAPHANDLER_NOEC(name,
// num) one for which it pushes none, and pushes a 0 in its place. Both then
// push the vector's number and go on at _alltraps.
#define TRAPHANDLER(name, num)      trap_stub name, num, 1
#define TRAPHANDLER_NOEC(name, num) trap_stub name, num, 0

.macro trap_stub name, num, has_error_code
	.globl	\name
	.type	\name, @function
\name:
	.if	\has_error_code == 0
	pushl	$0
	.endif
	pushl	$(\num)
	jmp	_alltraps
	.size	\name, . - \name
.endm

// It may be missing until lab 3 is done, though the stubs of lab 4 name it.
	.weak	_alltraps

.text

// The interrupts that only the local APIC raises.
TRAPHANDLER_NOEC(irq_error, IRQ_OFFSET + IRQ_ERROR)
TRAPHANDLER_NOEC(irq_poke, IRQ_OFFSET + IRQ_POKE)

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
// clears the direction flag, as C code expects; and calls trap (kern/trap.c)
// with the frame's address as its argument. ebp, fs and gs stay as they are:
// backtraces go on through ebp, and the frame has no place for fs and gs. When
// trap returns, the trap came from the kernel itself: all registers are as they
// were in the frame and the interrupted code goes on.
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

// The entry points of the interrupts of the two interrupt controllers, one for
// each of the vectors IRQ_OFFSET to IRQ_OFFSET + 15; and the table of them,
// irq_entries, in read-only data: 16 words, of which word n is the address of
// the entry point of vector IRQ_OFFSET + n. irq_init (kern/irq.c) enters them
// in the IDT. No interrupt comes with an error code.
//
// @solution lab4.irq_entry
TRAPHANDLER_NOEC(irq_0, IRQ_OFFSET + 0)
TRAPHANDLER_NOEC(irq_1, IRQ_OFFSET + 1)
TRAPHANDLER_NOEC(irq_2, IRQ_OFFSET + 2)
TRAPHANDLER_NOEC(irq_3, IRQ_OFFSET + 3)
TRAPHANDLER_NOEC(irq_4, IRQ_OFFSET + 4)
TRAPHANDLER_NOEC(irq_5, IRQ_OFFSET + 5)
TRAPHANDLER_NOEC(irq_6, IRQ_OFFSET + 6)
TRAPHANDLER_NOEC(irq_7, IRQ_OFFSET + 7)
TRAPHANDLER_NOEC(irq_8, IRQ_OFFSET + 8)
TRAPHANDLER_NOEC(irq_9, IRQ_OFFSET + 9)
TRAPHANDLER_NOEC(irq_10, IRQ_OFFSET + 10)
TRAPHANDLER_NOEC(irq_11, IRQ_OFFSET + 11)
TRAPHANDLER_NOEC(irq_12, IRQ_OFFSET + 12)
TRAPHANDLER_NOEC(irq_13, IRQ_OFFSET + 13)
TRAPHANDLER_NOEC(irq_14, IRQ_OFFSET + 14)
TRAPHANDLER_NOEC(irq_15, IRQ_OFFSET + 15)

	.section .rodata
	.balign	4
	.globl	irq_entries
	.type	irq_entries, @object
irq_entries:
	.long	irq_0, irq_1, irq_2, irq_3, irq_4, irq_5, irq_6, irq_7
	.long	irq_8, irq_9, irq_10, irq_11, irq_12, irq_13, irq_14, irq_15
	.size	irq_entries, . - irq_entries

	.text
// @stub // Exercise lab4.irq_entry: your code here.
// @end lab4.irq_entry
