// Spinlocks, and the one that protects the kernel.
//
// Locking bugs show late and elsewhere. So a lock records which CPU took it and
// where, and every misuse panics at once.

#include <inc/assert.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/idle.h>
#include <kern/kdebug.h>
#include <kern/panic.h>
#include <kern/spinlock.h>
#include <kern/tlb.h>

struct Spinlock kernel_lock = { .name = "kernel_lock", .rank = RANK_KERNEL };

// Panic: this CPU may not do `what` with the lock at `pc`.
static void __attribute__((noreturn, noinline))
misuse(const struct Spinlock *lk, const char *what, uintptr_t pc)
{
	struct Eipdebuginfo now, then;

	debuginfo_eip(pc, &now);
	debuginfo_eip(lk->pc, &then);
	// Name the functions too: taking the kernel lock is inlined there.
	panic("CPU %d %s %s at %s:%d in %.*s; last taken by CPU %d at %s:%d "
	      "in %.*s",
	      cpunum(), what, lk->name, now.eip_file, now.eip_line,
	      now.eip_fn_namelen, now.eip_fn_name,
	      lk->cpu ? (int)(lk->cpu - cpus) : -1, then.eip_file,
	      then.eip_line, then.eip_fn_namelen, then.eip_fn_name);
}

// Panic: taking the lock at `pc` could deadlock. A CPU that holds it already
// gets here too: its rank is not higher.
static void __attribute__((noreturn, noinline))
misordered(const struct Spinlock *lk, uintptr_t pc)
{
	misuse(lk,
	       lk->cpu == thiscpu ? "waits for itself: it holds"
	                          : "takes, out of order,",
	       pc);
}

// Another CPU holds the lock: spin until it is free, then take it. Interrupts
// are off, so poll for what other CPUs wait for.
static void __attribute__((noinline)) spin(struct Spinlock *lk)
{
	do {
		tlb_answer();
		// The kernel has stopped for good.
		while (panicstr)
			hlt();
		idle_too();
		cpu_pause();
	} while (lk->locked || xchg(&lk->locked, 1));
}

static inline __attribute__((always_inline)) void
take(struct Spinlock *lk, uint32_t rank, struct CpuInfo *cpu, uintptr_t pc)
{
	if (cpu->cpu_locks >> rank)
		misordered(lk, pc);
	if (xchg(&lk->locked, 1))
		spin(lk);
	lk->cpu = cpu;
	lk->pc = pc;
	cpu->cpu_locks |= 1U << rank;
}

static inline __attribute__((always_inline)) void
drop(struct Spinlock *lk, uint32_t rank, struct CpuInfo *cpu, uintptr_t pc)
{
	if (lk->cpu != cpu)
		misuse(lk, "drops, though it does not hold it,", pc);
	if (cpu->cpu_locks >> rank != 1)
		misuse(lk, "drops, out of order,", pc);
	cpu->cpu_locks &= ~(1U << rank);
	lk->cpu = NULL;
	// Release: every store of the critical section is visible first.
	// Source: Intel SDM vol. 3A, "Memory Ordering in P6 and More Recent
	// Processor Families".
	__asm__ volatile("movl $0, %0" : "=m"(lk->locked) : : "memory");
}

// Acquire the lock; spin while another CPU holds it.
//
// Needs:    interrupts off. Panics if this CPU holds it already, or holds one
//           that comes later in the lock order.
void
spin_lock(struct Spinlock *lk)
{
	take(lk, lk->rank, thiscpu, (uintptr_t)__builtin_return_address(0));
}

// Release the lock. Panics if this CPU does not hold it, or took another since.
void
spin_unlock(struct Spinlock *lk)
{
	drop(lk, lk->rank, thiscpu, (uintptr_t)__builtin_return_address(0));
}

// Returns:  whether this CPU holds the lock.
bool
spin_holding(const struct Spinlock *lk)
{
	return lk->cpu == thiscpu;
}

// Acquire the kernel lock. curenv becomes this CPU's environment. (No TLB
// shootdown can wait for this CPU: its initiator would hold the lock.)
//
// Needs:    as spin_lock; and to run on this CPU's kernel stack (stack_cpu).
void
lock_kernel(void)
{
	struct CpuInfo *cpu = stack_cpu();

	take(&kernel_lock, RANK_KERNEL, cpu,
	     (uintptr_t)__builtin_return_address(0));
	curenv = cpu->cpu_env;
}

// Release the kernel lock. curenv then belongs to the next CPU that takes it.
void
unlock_kernel(void)
{
	struct CpuInfo *cpu = stack_cpu();

	cpu->cpu_env = curenv;
	drop(&kernel_lock, RANK_KERNEL, cpu,
	     (uintptr_t)__builtin_return_address(0));
}
