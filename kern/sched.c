// Which environment runs next, and who is in the kernel.

#include <inc/assert.h>

#include <kern/env.h>
#include <kern/runq.h>
#include <kern/sched.h>
#include <kern/spinlock.h>

bool multitasking;

// Take or drop the kernel lock (lock_kernel, unlock_kernel), or do neither, as
// it must be `where` a CPU passes into the kernel or out of it: the lock is
// held whenever a CPU is in the kernel and at work, and by no CPU that runs a
// program or is halted. Each place of enum Passage calls this once.
//
// Each CPU takes the lock once and drops it once: it is not held more than
// once by the same CPU.
void
kernel_passage(enum Passage where)
{
	switch (where) {
	case FROM_KERNEL:
		return;
	case TO_USER:
	case TO_HALT:
		unlock_kernel();
		return;
	default:
		lock_kernel();
	}
}

// Run the environment whose turn it is: the first in the queue of those that
// are ready (runq_take, kern/runq.c). The current environment, if there is one
// and it is ENV_RUNNING, goes to the end of the queue first (runq_put); so it
// runs on when no other is ready. When none is ready, not even it, sched_halt.
// Does not return.
//
// An environment that another CPU runs is not in the queue, and one that is
// neither running nor ready never gets there.
void
sched_yield(void)
{
	struct Env *e;

	if (curenv && curenv->env_status == ENV_RUNNING)
		runq_put(curenv);
	e = runq_take();
	if (e)
		env_run(e);
	sched_halt();
}
