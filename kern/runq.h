// The run queue: the environments that are ready to run.
#ifndef JOS_KERN_RUNQ_H
#define JOS_KERN_RUNQ_H

#include <inc/assert.h>
#include <inc/env.h>

extern struct Envlist runq;

// If set, picks the next environment in place of the first in the queue.
// Returns NULL if the queue is empty.
extern struct Env *(*runq_choose)(void);

void runq_put(struct Env *e);
struct Env *runq_take(void);

// Lists of environments. Each environment is in at most one. The kernel lock
// protects them.

// Put `e` at the end of `list`.
//
// Needs:    `e` is in no list.
static inline void
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
static inline void
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

#endif
