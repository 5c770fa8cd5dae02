// The queue of environments that are ready to run, and lists like it.
//
// The kernel lock guards all of them.

#include <inc/assert.h>
#include <inc/env.h>

#include <kern/runq.h>

struct Envlist runq;

// Put `e` at the end of `list`.
//
// Needs:    it is in no list.
void
envlist_append(struct Envlist *list, struct Env *e)
{
	assert(!e->env_list);
	e->env_list = list;
	e->env_next = NULL;
	e->env_prev = list->last;
	if (list->last)
		list->last->env_next = e;
	else
		list->first = e;
	list->last = e;
}

// Take `e` out of the list it is in, if it is in one.
void
envlist_remove(struct Env *e)
{
	struct Envlist *list = e->env_list;

	if (!list)
		return;
	if (e->env_prev)
		e->env_prev->env_next = e->env_next;
	else
		list->first = e->env_next;
	if (e->env_next)
		e->env_next->env_prev = e->env_prev;
	else
		list->last = e->env_prev;
	e->env_list = NULL;
}

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

// Take the first environment from the queue that is still ENV_RUNNABLE.
//
// Returns:  the environment, or NULL when the queue is empty.
struct Env *
runq_take(void)
{
	struct Env *e;

	while ((e = runq.first)) {
		envlist_remove(e);
		if (e->env_status == ENV_RUNNABLE)
			return e;
	}
	return NULL;
}
