// Scheduling, and the kernel lock at kernel entry and exit.

#include <inc/assert.h>

#include <kern/env.h>
#include <kern/runq.h>
#include <kern/sched.h>
#include <kern/spinlock.h>

// Where a CPU comes into the kernel or leaves it, which is `where`: must it
// take the kernel lock (LOCK_TAKE), drop it (LOCK_DROP), or do neither
// (LOCK_KEEP)? The lock is held whenever a CPU is in the kernel and at work,
// and by no CPU that runs a program or is halted. A CPU takes it once and drops
// it once: it may not take what it holds already.
//
// Called at boot, once for each passage; kernel_passage (kern/sched.h) does
// what it says.
enum Lockaction
passage_lock(enum Passage where)
{
	// @solution lab4.kernel_lock
	switch (where) {
	case FROM_KERNEL:
		return LOCK_KEEP;
	case TO_USER:
	case TO_HALT:
		return LOCK_DROP;
	default:
		return LOCK_TAKE;
	}
	// @end lab4.kernel_lock
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
	// @solution lab4.sched_yield
	struct Env *e;

	if (curenv && curenv->env_status == ENV_RUNNING)
		runq_put(curenv);
	e = runq_take();
	if (e)
		env_run(e);
	sched_halt();
	// @end lab4.sched_yield
}
