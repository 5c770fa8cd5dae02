// Spinlocks.
#ifndef JOS_KERN_SPINLOCK_H
#define JOS_KERN_SPINLOCK_H

#include <inc/types.h>

struct CpuInfo;

// The lock order, which prevents deadlock: a CPU takes locks in ascending rank
// and releases them in reverse. Its cpu_locks (kern/cpu.h) has bit n set while
// it holds the lock of rank n.
enum {
	RANK_KERNEL = 0, // kernel_lock
};

struct Spinlock {
	volatile uint32_t locked;
	const char *name;
	uint32_t rank;

	// While locked: which CPU took it, and where in the code.
	struct CpuInfo *cpu;
	uintptr_t pc;
};

// Protects all kernel data, except where a comment says otherwise.
extern struct Spinlock kernel_lock;

void spin_lock(struct Spinlock *lk);
void spin_unlock(struct Spinlock *lk);
bool spin_holding(const struct Spinlock *lk);
void lock_kernel(void);
void unlock_kernel(void);

#endif
