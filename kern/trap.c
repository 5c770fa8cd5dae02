// Traps: setting up the vectors, and what happens when one is taken.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/lapic.h>
#include <kern/monitor.h>
#include <kern/panic.h>
#include <kern/pmap.h>
#include <kern/sched.h>
#include <kern/syscall.h>
#include <kern/tlb.h>
#include <kern/trap.h>

bool trap_trace;
void (*trap_probe)(struct Trapframe *tf);

// What the processor does at each vector. An empty gate is not present.
struct Gatedesc idt[256];

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

// Start this CPU's traps from user mode at the top of its kernel stack: fill in
// its own task state, cpu_ts of its element of cpus[] (thiscpu), enter that in
// the GDT, and load the task register. The task state has the stack's segment
// and end, which is KSTACKTOP_OF of the CPU's number (cpunum). CPU i's
// descriptor is the one i places after that of selector GD_TSS0: a system
// segment of type STS_T32A, of the size of the task state, with privilege level
// 0. The I/O permission map lies beyond the segment's end, so that no port is
// allowed to programs.
//
// Source:   Intel SDM vol. 3A, "TSS Descriptor", "Task Register"; vol. 1, "I/O
//           Permission Bit Map".
static void
init_task_state(void)
{
	// @solution lab4.trap_init_percpu
	const uint16_t selector = GD_TSS0 + 8 * cpunum();
	struct Taskstate *ts = &thiscpu->cpu_ts;

	ts->ts_esp0 = KSTACKTOP_OF(cpunum());
	ts->ts_ss0 = GD_KD;
	ts->ts_iomb = sizeof(*ts);
	gdt[selector / 8] = (struct Segdesc)SEG16(STS_T32A, (uintptr_t)ts,
	                                          sizeof(*ts) - 1, 0);
	ltr(selector);
	// @end lab4.trap_init_percpu
}

// The same for the boot CPU, which in labs 1 to 3 is the only one.
static void
init_boot_task_state(void)
{
	struct Taskstate *ts = &bootcpu->cpu_ts;

	ts->ts_esp0 = KSTACKTOP;
	ts->ts_ss0 = GD_KD;
	ts->ts_iomb = sizeof(*ts);
	gdt[GD_TSS0 / 8] = (struct Segdesc)SEG16(STS_T32A, (uintptr_t)ts,
	                                         sizeof(*ts) - 1, 0);
	ltr(GD_TSS0);
}

// Make this CPU use the IDT, and its own stack for traps from user mode.
void
trap_init_percpu(void)
{
	const struct Pseudodesc desc = { sizeof(idt) - 1, (uintptr_t)idt };

	lidt(&desc);
	if (thiscpu == bootcpu)
		init_boot_task_state();
	else
		init_task_state();
}

// A trap that nobody expected. A program that caused it is destroyed; the
// kernel itself is not supposed to, and panics.
void
unexpected_trap(struct Trapframe *tf)
{
	print_trapframe(tf);
	if ((tf->tf_cs & 3) == 0)
		panic("unexpected trap %u (%s) in the kernel", tf->tf_trapno,
		      trapname(tf->tf_trapno));
	env_destroy(curenv);
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
static void
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

// The timer of this CPU's local APIC has ticked while an environment ran: tell
// the APIC that its interrupt has been taken (lapic_eoi), and let the next
// environment run. Does not return.
void
timer_irq(void)
{
	// @solution lab4.timer_irq
	// First, for sched_yield does not come back to do it.
	lapic_eoi();
	sched_yield();
	// @stub // Exercise lab4.timer_irq: your code here.
	// @end lab4.timer_irq
}

// If the trap `tf` is an interrupt, do what it calls for.
//
// Returns:  whether it is one.
static bool
irq_dispatch(struct Trapframe *tf)
{
	uint32_t irq = tf->tf_trapno - IRQ_OFFSET;

	if (irq >= NIRQS)
		return false;
	switch (irq) {
	case IRQ_TIMER:
		lapic_tick();
		timer_irq();
		return true;
	case IRQ_ERROR:
		lapic_eoi();
		warn("CPU %d: an error interrupt of the APIC", cpunum());
		return true;
	case IRQ_POKE:
		// What there is to do is done at every trap.
		lapic_eoi();
		return true;
	default:
		// A device that nobody uses, or IRQ_SPURIOUS, for which the
		// APIC wants no answer.
		return true;
	}
}

// What only several environments need. A page fault is handled here when the
// program has said how.
//
// Returns:  whether there is nothing more to do for the trap.
static inline bool
dispatch_multitasking(struct Trapframe *tf)
{
	switch (tf->tf_trapno) {
	case T_SYSCALL:
		if (tf->tf_regs.reg_eax < SYS_page_alloc)
			return false;
		syscall_multitasking(&tf->tf_regs);
		return true;
	case T_PGFLT:
		if (ncpu > 1 && tlb_fault_is_spurious(curenv->env_pgdir, rcr2(),
		                                      tf->tf_err))
			return true;
		return curenv->env_pgfault_upcall && user_fault_upcall(tf);
	default:
		return irq_dispatch(tf);
	}
}

// The trap `tf` needs nothing done; but if it is an interrupt of the local
// APIC, the APIC must be told, or it holds back the next.
static void
trap_ignore(const struct Trapframe *tf)
{
	uint32_t irq = tf->tf_trapno - IRQ_OFFSET;

	if (irq == IRQ_TIMER || irq == IRQ_ERROR || irq == IRQ_POKE)
		lapic_eoi();
}

// A trap in the kernel itself. One that interrupted a halted CPU does not
// return: the CPU looks for work.
static void
trap_kernel(struct Trapframe *tf)
{
	uint32_t status = thiscpu->cpu_status;

	if (status == CPU_HALTED || status == CPU_POKED) {
		kernel_passage(FROM_HALT);
		sched_awake();
		trap_ignore(tf);
		sched_yield();
	}
	if (multitasking)
		kernel_passage(FROM_KERNEL);
	trap_dispatch(tf);
}

// Another CPU has ended the current environment since this one was in the
// kernel last. Do not come back to it.
static void __attribute__((noreturn, noinline))
trap_dying(const struct Trapframe *tf)
{
	trap_ignore(tf);
	env_free(curenv);
	curenv = NULL;
	sched_yield();
}

// A trap from user mode where several environments run by turns.
static void __attribute__((noreturn))
trap_multitasking(const struct Trapframe *frame)
{
	struct Trapframe *tf;

	kernel_passage(FROM_USER);
	if (curenv->env_status == ENV_DYING)
		trap_dying(frame);
	curenv->env_tf = *frame;
	tf = &curenv->env_tf;
	if (!dispatch_multitasking(tf))
		trap_dispatch(tf);
	// An environment that has not lost its turn needs no new one.
	if (curenv->env_status == ENV_RUNNING)
		env_pop_tf(&curenv->env_tf);
	sched_yield();
}

// Called by _alltraps (kern/trapentry.S) with what it saved. Returns only to
// interrupted kernel code; a program goes on through env_run or env_pop_tf.
void
trap(struct Trapframe *tf)
{
	if (trap_probe) {
		trap_probe(tf);
		return;
	}
	if ((tf->tf_cs & 3) == 0) {
		trap_kernel(tf);
		return;
	}
	if (multitasking)
		trap_multitasking(tf);

	// Interrupt gates turned interrupts off; if they are on, a gate is
	// wrong.
	assert(!(read_eflags() & FL_IF));
	if (trap_trace)
		cprintf("Incoming TRAP frame at 0x%08x\n",
		        (uint32_t)(uintptr_t)tf);
	assert(curenv);
	// The next trap overwrites this frame: keep it with its environment,
	// which then can be run again at any time.
	curenv->env_tf = *tf;
	trap_dispatch(&curenv->env_tf);
	assert(curenv && curenv->env_status == ENV_RUNNING);
	env_run(curenv);
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
