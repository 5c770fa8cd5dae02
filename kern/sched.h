// Which environment runs next, and on which CPU.
#ifndef JOS_KERN_SCHED_H
#define JOS_KERN_SCHED_H

#include <inc/env.h>
#include <inc/types.h>

#include <kern/spinlock.h>

// Several environments run by turns, on all CPUs. kern/init.c sets it; without
// it there is one environment and one CPU, and nothing below is called.
extern bool multitasking;

// Where a CPU comes into the kernel, or leaves it.
enum Passage {
	BOOT_STARTS, // the boot CPU, before it starts the others
	CPU_STARTS,  // another CPU, before its first sched_yield
	FROM_USER,   // a trap, system call or interrupt in a program
	FROM_KERNEL, // one in the kernel itself, which was at work
	FROM_HALT,   // an interrupt on a CPU that was halted
	TO_USER,     // before the registers of a program are loaded
	TO_HALT,     // before the CPU halts
	NPASSAGES
};

// What to do with the kernel lock there (passage_lock).
enum Lockaction {
	LOCK_KEEP, // nothing: held or not, so it stays
	LOCK_TAKE,
	LOCK_DROP,
};

// What passage_lock says of each passage.
extern enum Lockaction passage_actions[NPASSAGES];

// A CPU is `where`: take or drop the kernel lock, or do neither. Inline, so
// that the lock knows where it was taken.
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
