// Scheduling environments on all CPUs.
#ifndef JOS_KERN_SCHED_H
#define JOS_KERN_SCHED_H

#include <inc/env.h>
#include <inc/types.h>

#include <kern/spinlock.h>

// Environments are scheduled preemptively on all CPUs. Set by kern/init.c. If
// false, there is one environment and one CPU, and nothing below is called.
extern bool multitasking;

// Where a CPU enters or leaves the kernel.
enum Passage {
	BOOT_STARTS, // the boot CPU, before it starts the others
	CPU_STARTS,  // another CPU, before its first sched_yield
	FROM_USER,   // a trap, system call or interrupt in a program
	FROM_KERNEL, // a trap in the kernel itself, while it ran
	FROM_HALT,   // an interrupt on a CPU that was halted
	TO_USER,     // before the registers of a program are loaded
	TO_HALT,     // before the CPU halts
	NPASSAGES
};

// What to do with the kernel lock there (passage_lock).
enum Lockaction {
	LOCK_KEEP, // leave it as it is, held or not
	LOCK_TAKE,
	LOCK_DROP,
};

// The result of passage_lock for each entry and exit.
extern enum Lockaction passage_actions[NPASSAGES];

// Take the kernel lock, drop it, or do neither, as `where` needs it. Inline, so
// that the lock records where it was taken.
static inline __attribute__((always_inline)) void
kernel_passage(enum Passage where)
{
	if (passage_actions[where] == LOCK_TAKE)
		lock_kernel();
	else if (passage_actions[where] == LOCK_DROP)
		unlock_kernel();
}

enum Lockaction passage_lock(enum Passage where);
void sched_init(void);
void sched_yield(void) __attribute__((noreturn));

// kern/halt.c
bool env_on_cpu(const struct Env *e);
void env_wake(struct Env *e);
void env_stop_waiting(struct Env *e);
void env_set_status(struct Env *e, enum EnvStatus status);
void sched_interrupt(const struct Env *e);
void sched_halt(void) __attribute__((noreturn));
void sched_awake(void);

#endif
