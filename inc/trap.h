// Traps: vector numbers and the registers saved when one is taken.
#ifndef JOS_INC_TRAP_H
#define JOS_INC_TRAP_H

// The processor's own vectors; inc/trap.def lists them again with their names,
// and kern/trapframe.c asserts that the two agree. (Assembly needs #defines.)
#define T_DIVIDE  0
#define T_DEBUG   1
#define T_NMI     2
#define T_BRKPT   3
#define T_OFLOW   4
#define T_BOUND   5
#define T_ILLOP   6
#define T_DEVICE  7
#define T_DBLFLT  8
#define T_COPROC  9 // not raised since the 80387
#define T_TSS     10
#define T_SEGNP   11
#define T_STACK   12
#define T_GPFLT   13
#define T_PGFLT   14
#define T_RES     15 // reserved
#define T_FPERR   16
#define T_ALIGN   17
#define T_MCHK    18
#define T_SIMDERR 19

// Vectors of our choice. The hardware interrupts IRQ_OFFSET + n are set up by
// programming the interrupt controllers.
#define IRQ_OFFSET 32
#define T_SYSCALL  48
#define T_DEFAULT  500 // no vector: an unknown trap

#define IRQ_TIMER    0
#define IRQ_KBD      1
#define IRQ_SERIAL   4
#define IRQ_SPURIOUS 7
#define IRQ_IDE      14
#define IRQ_ERROR    19
#define IRQ_POKE     20 // IPI from another CPU: enter the kernel
#define NIRQS        21

#ifndef __ASSEMBLER__

#include <inc/types.h>

// The general registers in the order that `pushal` leaves them in memory.
struct PushRegs {
	uint32_t reg_edi;
	uint32_t reg_esi;
	uint32_t reg_ebp;
	uint32_t reg_oesp; // esp before pushal; popal ignores it
	uint32_t reg_ebx;
	uint32_t reg_edx;
	uint32_t reg_ecx;
	uint32_t reg_eax;
};

// What a trap saves, lowest address first: the kernel's entry code pushes the
// part up to tf_trapno, the processor the rest.
// Source: Intel SDM vol. 3A, "Exception- or Interrupt-Handler Procedures",
// "Stack Usage on Transfers to Interrupt and Exception-Handling Routines".
struct Trapframe {
	struct PushRegs tf_regs;
	uint16_t tf_es, tf_padding1;
	uint16_t tf_ds, tf_padding2;
	uint32_t tf_trapno;
	uint32_t tf_err; // 0 where the processor pushes none
	uintptr_t tf_eip;
	uint16_t tf_cs, tf_padding3;
	uint32_t tf_eflags;
	// Pushed only when the trap came from user mode.
	uintptr_t tf_esp;
	uint16_t tf_ss, tf_padding4;
};

_Static_assert(sizeof(struct PushRegs) == 32, "laid out by pushal");
_Static_assert(sizeof(struct Trapframe) == 68 &&
                       offsetof(struct Trapframe, tf_trapno) == 40 &&
                       offsetof(struct Trapframe, tf_eip) == 48,
               "laid out by the processor and kern/trapentry.S");

// What a user-level page-fault handler gets on the exception stack.
struct UTrapframe {
	uint32_t utf_fault_va;
	uint32_t utf_err;
	struct PushRegs utf_regs;
	uintptr_t utf_eip;
	uint32_t utf_eflags;
	uintptr_t utf_esp;
};

_Static_assert(sizeof(struct UTrapframe) == 52, "popped by lib/pfentry.S");

#endif // !__ASSEMBLER__

#endif
