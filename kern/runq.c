// The queue of environments that are ready to run. The kernel lock guards it.

#include <inc/assert.h>
#include <inc/env.h>

#include <kern/cpu.h>
#include <kern/runq.h>

struct Envlist runq;
struct Env *(*runq_choose)(void);

// Make `e` ENV_RUNNABLE and put it at the end of the queue, unless it is in the
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

// Take the first environment from the queue that is still ENV_RUNNABLE, for
// this CPU to run it; or not the first, but the one that runq_choose says.
//
// Returns:  the environment, or NULL when the queue is empty.
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
