// Per-CPU state: the task state segment and the timer.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/trap.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/lapic.h>
#include <kern/pmap.h>
#include <kern/sched.h>
#include <kern/trap.h>

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
void
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

// The timer of this CPU's local APIC has ticked while an environment ran: tell
// the APIC that its interrupt has been taken (lapic_eoi), and let the next
// environment run. Does not return.
void
timer_irq(void)
{
	// @solution lab4.timer_irq
	// First: sched_yield does not return.
	lapic_eoi();
	sched_yield();
	// @stub // Exercise lab4.timer_irq: your code here.
	// @end lab4.timer_irq
}
