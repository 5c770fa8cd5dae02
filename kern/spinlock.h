// Locks that a CPU waits for.
#ifndef JOS_KERN_SPINLOCK_H
#define JOS_KERN_SPINLOCK_H

#include <inc/types.h>

struct CpuInfo;

// The order in which a CPU may take locks: from lower ranks to higher, and it
// drops them the other way round. cpu_locks of a CPU (kern/cpu.h) has bit n set
// while it holds the lock of rank n.
enum {
	RANK_KERNEL = 0, // kernel_lock
};

struct Spinlock {
	volatile uint32_t locked;
	const char *name;
	uint32_t rank;

	// While it is locked: by whom, and where in the code it was taken.
	struct CpuInfo *cpu;
	uintptr_t pc;
};

// Guards all that the kernel has and no comment says otherwise about.
extern struct Spinlock kernel_lock;

void spin_lock(struct Spinlock *lk);
void spin_unlock(struct Spinlock *lk);
bool spin_holding(const struct Spinlock *lk);
void lock_kernel(void);
void unlock_kernel(void);

#endif
