// The queue of environments that are ready to run.
#ifndef JOS_KERN_RUNQ_H
#define JOS_KERN_RUNQ_H

#include <inc/env.h>

extern struct Envlist runq;

void runq_put(struct Env *e);
struct Env *runq_take(void);

// Lists of environments, of which one is in one at most.
void envlist_append(struct Envlist *list, struct Env *e);
void envlist_remove(struct Env *e);

#endif
