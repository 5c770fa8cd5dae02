// Idle CPUs, and how others wake them.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/stdio.h>
#include <inc/trap.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/lapic.h>
#include <kern/monitor.h>
#include <kern/pmap.h>
#include <kern/runq.h>
#include <kern/sched.h>
#include <kern/spinlock.h>

bool multitasking;
enum Lockaction passage_actions[NPASSAGES];

// The number of CPUs that are CPU_HALTED.
static uint32_t halted;

// Is `e` running on another CPU?
static inline bool
elsewhere(const struct Env *e)
{
	const struct CpuInfo *cpu = &cpus[e->env_cpunum];

	return cpu->cpu_env == e && cpu != thiscpu;
}

// Returns:  whether `e` is running on a CPU, this one or another.
bool
env_on_cpu(const struct Env *e)
{
	return e == curenv || elsewhere(e);
}

// If another CPU runs `e`, send it an IPI: it enters the kernel soon.
void
sched_interrupt(const struct Env *e)
{
	if (elsewhere(e))
		lapic_ipi(cpus[e->env_cpunum].cpu_id, IRQ_OFFSET + IRQ_POKE);
}

// Wake a halted CPU: it will look at the run queue.
static void __attribute__((noinline)) wake_one(void)
{
	for (struct CpuInfo *c = cpus; c < cpus + ncpu; c++) {
		if (c->cpu_status != CPU_HALTED)
			continue;
		c->cpu_status = CPU_POKED;
		halted--;
		lapic_ipi(c->cpu_id, IRQ_OFFSET + IRQ_POKE);
		return;
	}
}

// Is `e` blocked in sending a message?
static inline bool
sends(const struct Env *e)
{
	return e->env_list && e->env_list != &runq;
}

// Cancel any IPC that `e` is blocked in. Its status is left to the caller.
void
env_stop_waiting(struct Env *e)
{
	e->env_ipc_recving = false;
	if (sends(e))
		envlist_remove(e);
}

// Make `e`, which is blocked and in no list, runnable.
void
env_wake(struct Env *e)
{
	runq_put(e);
	if (halted)
		wake_one();
}

// Make the status of `e` ENV_RUNNABLE or ENV_NOT_RUNNABLE, and keep the run
// queue in step. If a CPU is running `e`, it becomes ENV_RUNNING instead of
// ENV_RUNNABLE; made ENV_NOT_RUNNABLE, it stops at its next trap. If it is
// blocked in IPC, it stays ENV_NOT_RUNNABLE; made ENV_RUNNABLE, it returns from
// that system call with -E_UNSPECIFIED.
void
env_set_status(struct Env *e, enum EnvStatus status)
{
	if (status == ENV_RUNNABLE) {
		if (e->env_ipc_recving || sends(e)) {
			e->env_ipc_recving = false;
			e->env_tf.tf_regs.reg_eax = -E_UNSPECIFIED;
		}
		if (e->env_status == ENV_RUNNING)
			return;
		if (e == curenv || elsewhere(e))
			e->env_status = ENV_RUNNING;
		else
			env_wake(e);
	} else if (!sends(e)) {
		envlist_remove(e);
		e->env_status = status;
		if (e != curenv)
			sched_interrupt(e);
	}
}

// Is another CPU busy? What it runs may make others runnable.
static bool
others_busy(void)
{
	for (struct CpuInfo *c = cpus; c < cpus + ncpu; c++)
		if (c != thiscpu && (c->cpu_env || c->cpu_status == CPU_POKED))
			return true;
	return false;
}

// Wait for an interrupt, without the kernel lock and without an environment.
static void __attribute__((noreturn)) halt(void)
{
	kernel_passage(TO_HALT);
	// Interrupts stay off until hlt has begun.
	// Source: Intel SDM vol. 2, "STI".
	while (1)
		__asm__ volatile("sti\n\thlt" : : : "memory");
}

// Enable the scheduler: from here on, any CPU may run any environment.
void
sched_init(void)
{
	for (int where = 0; where < NPASSAGES; where++)
		passage_actions[where] = passage_lock(where);
	multitasking = true;
	kernel_passage(BOOT_STARTS);
}

// Halt this CPU until there is something to run. If no CPU runs anything,
// nothing can become runnable any more: start the monitor.
void
sched_halt(void)
{
	struct CpuInfo *cpu = thiscpu;

	curenv = NULL;
	lcr3(PADDR(kern_pgdir));
	if (!runq.first && !others_busy()) {
		cprintf("No runnable environments in the system!\n");
		while (1)
			monitor(NULL);
	}
	lapic_timer(false);
	cpu->cpu_status = CPU_HALTED;
	halted++;
	// Nothing on the current stack is needed any more.
	run_on_stack(KSTACKTOP_OF(cpunum()), halt);
}

// This CPU was halted and has been woken.
void
sched_awake(void)
{
	struct CpuInfo *cpu = thiscpu;

	if (cpu->cpu_status == CPU_HALTED)
		halted--;
	cpu->cpu_status = CPU_STARTED;
	lapic_timer(true);
}
