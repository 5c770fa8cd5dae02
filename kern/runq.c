// The run queue: the runnable environments. The kernel lock protects it.

#include <inc/assert.h>
#include <inc/env.h>

#include <kern/cpu.h>
#include <kern/runq.h>

struct Envlist runq;
struct Env *(*runq_choose)(void);

// Make `e` ENV_RUNNABLE and append it to the run queue, unless it is in the
// queue already.
void
runq_put(struct Env *e)
{
	e->env_status = ENV_RUNNABLE;
	if (e->env_list == &runq)
		return;
	envlist_remove(e);
	envlist_append(&runq, e);
}

// Remove from the run queue the first environment that is still ENV_RUNNABLE,
// or the one that runq_choose picks, for this CPU to run.
//
// Returns:  the environment, or NULL if the queue is empty.
struct Env *
runq_take(void)
{
	struct Env *e;

	while ((e = runq_choose ? runq_choose() : runq.first)) {
		envlist_remove(e);
		if (e->env_status != ENV_RUNNABLE)
			continue;
		e->env_cpunum = cpunum();
		return e;
	}
	return NULL;
}
