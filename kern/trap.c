// Traps: the IDT, and what to do for each trap.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/trap.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/monitor.h>
#include <kern/pmap.h>
#include <kern/syscall.h>
#include <kern/trap.h>

// Fill in the IDT: for each vector of kern/trapentry.S an interrupt gate, which
// leaves interrupts off in the kernel, to its entry point in the kernel's text
// segment. Only the breakpoint and the system call may be raised by a program's
// `int` instruction (descriptor privilege level 3). All other gates stay empty,
// not present. Then set up this processor (trap_init_percpu).
//
// Source:   Intel SDM vol. 3A, "IDT Descriptors", "Protection of Exception- and
//           Interrupt-Handler Procedures".
void
trap_init(void)
{
	// @solution lab3.trap_init
	void trap_divide(void), trap_debug(void), trap_nmi(void),
		trap_breakpoint(void), trap_overflow(void), trap_bound(void),
		trap_invalid_opcode(void), trap_device(void),
		trap_double_fault(void), trap_invalid_tss(void),
		trap_segment(void), trap_stack(void), trap_protection(void),
		trap_page_fault(void), trap_fpu(void), trap_alignment(void),
		trap_machine_check(void), trap_simd(void), trap_syscall(void);
	static void (*const entry[])(void) = {
		[T_DIVIDE] = trap_divide,
		[T_DEBUG] = trap_debug,
		[T_NMI] = trap_nmi,
		[T_BRKPT] = trap_breakpoint,
		[T_OFLOW] = trap_overflow,
		[T_BOUND] = trap_bound,
		[T_ILLOP] = trap_invalid_opcode,
		[T_DEVICE] = trap_device,
		[T_DBLFLT] = trap_double_fault,
		[T_TSS] = trap_invalid_tss,
		[T_SEGNP] = trap_segment,
		[T_STACK] = trap_stack,
		[T_GPFLT] = trap_protection,
		[T_PGFLT] = trap_page_fault,
		[T_FPERR] = trap_fpu,
		[T_ALIGN] = trap_alignment,
		[T_MCHK] = trap_machine_check,
		[T_SIMDERR] = trap_simd,
		[T_SYSCALL] = trap_syscall,
	};

	for (uint32_t v = 0; v < ARRAY_SIZE(entry); v++)
		if (entry[v])
			SETGATE(idt[v], 0, GD_KT, entry[v],
			        v == T_BRKPT || v == T_SYSCALL ? 3 : 0);
	trap_init_percpu();
	// @end lab3.trap_init
}

// Do what the trap `tf` calls for:
//   - a page fault: page_fault_handler;
//   - a breakpoint, or the debug exception that follows a single step: the
//     monitor, with `tf`; when it returns, the environment goes on;
//   - a system call: syscall (kern/syscall.c) with the number and arguments
//     from the registers that inc/syscall.def names; its result becomes the
//     program's eax;
//   - everything else: unexpected_trap.
//
// `tf` is the trapped environment's env_tf when the trap came from user mode:
// what is changed there is what the program goes on with.
void
trap_dispatch(struct Trapframe *tf)
{
	// @solution lab3.trap_dispatch
	struct PushRegs *regs = &tf->tf_regs;

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
	default:
		unexpected_trap(tf);
	}
	// @end lab3.trap_dispatch
}

// A page fault; its address is in CR2 (rcr2). The kernel itself must never
// cause one: it panics, with the address in the message (print_trapframe shows
// the rest). A program's fault prints "[%08x] user fault va %08x ip %08x"
// (environment, address, instruction) and the trap frame, and destroys the
// environment.
//
// Source:   Intel SDM vol. 3A, "Interrupt 14-Page-Fault Exception (#PF)".
void
page_fault_handler(struct Trapframe *tf)
{
	// @solution lab3.page_fault_handler
	uint32_t fault_va = rcr2();

	if ((tf->tf_cs & 3) == 0) {
		print_trapframe(tf);
		panic("page fault in the kernel at va %08x", fault_va);
	}
	cprintf("[%08x] user fault va %08x ip %08x\n", curenv->env_id, fault_va,
	        (uint32_t)tf->tf_eip);
	print_trapframe(tf);
	env_destroy(curenv);
	// @end lab3.page_fault_handler
}
