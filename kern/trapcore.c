// Kernel entry and exit.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/syscall.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/lapic.h>
#include <kern/panic.h>
#include <kern/sched.h>
#include <kern/syscall.h>
#include <kern/tlb.h>
#include <kern/trap.h>

bool trap_trace;
void (*trap_probe)(struct Trapframe *tf);

// The interrupt descriptor table. An empty gate is not present.
struct Gatedesc idt[256];

// init_task_state for the boot CPU, which in labs 1 to 3 is the only one.
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

// Make this CPU use the IDT, and its own kernel stack for traps from user mode.
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

// An unexpected trap: destroy the program that caused it; panic if the kernel
// itself did.
void
unexpected_trap(struct Trapframe *tf)
{
	print_trapframe(tf);
	if ((tf->tf_cs & 3) == 0)
		panic("unexpected trap %u (%s) in the kernel", tf->tf_trapno,
		      trapname(tf->tf_trapno));
	env_destroy(curenv);
}

// Handle the trap `tf` if it is an interrupt.
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
		// Every trap does what this IPI asks for.
		lapic_eoi();
		return true;
	default:
		// An unused device, or IRQ_SPURIOUS, which is not acknowledged.
		return true;
	}
}

// Handle what only multitasking needs, and page faults of a program that has an
// upcall.
//
// Returns:  whether the trap has been handled.
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

// Drop this trap. An APIC interrupt must still be acknowledged, or the APIC
// delivers no more.
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

// The current environment was destroyed by another CPU while it ran here: free
// it now.
static void __attribute__((noreturn, noinline))
trap_dying(const struct Trapframe *tf)
{
	trap_ignore(tf);
	env_free(curenv);
	curenv = NULL;
	sched_yield();
}

// A trap from user mode, with multitasking.
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
	// Still running: return to it directly.
	if (curenv->env_status == ENV_RUNNING)
		env_pop_tf(&curenv->env_tf);
	sched_yield();
}

// Called by _alltraps (kern/trapentry.S) with the frame it saved. Returns only
// to interrupted kernel code; a program resumes through env_run or env_pop_tf.
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

	// Interrupt gates disable interrupts; if they are on, a gate is wrong.
	assert(!(read_eflags() & FL_IF));
	if (trap_trace)
		cprintf("Incoming TRAP frame at 0x%08x\n",
		        (uint32_t)(uintptr_t)tf);
	assert(curenv);
	// The next trap overwrites this frame: save it in the environment,
	// which can then resume at any time.
	curenv->env_tf = *tf;
	trap_dispatch(&curenv->env_tf);
	assert(curenv && curenv->env_status == ENV_RUNNING);
	env_run(curenv);
}

// Return to user mode with the registers in `tf`.
//
// Source:   Intel SDM vol. 2, "IRET/IRETD", "POPA/POPAD".
void
env_pop_tf(struct Trapframe *tf)
{
	kernel_passage(TO_USER);
	// tf_trapno and tf_err lie between the segments and what iret pops.
	__asm__ volatile("movl %0, %%esp\n\t"
	                 "popal\n\t"
	                 "popl %%es\n\t"
	                 "popl %%ds\n\t"
	                 "addl $8, %%esp\n\t"
	                 "iret"
	                 :
	                 : "r"(tf)
	                 : "memory");
	__builtin_unreachable();
}
