// Locks that a CPU waits for, and the one that guards the kernel.
//
// What goes wrong with locks shows late and elsewhere; so a lock knows who
// holds it since where, and each misuse is a panic at once.

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

// Stop: this CPU may not do `what` at `pc` with the lock.
static void __attribute__((noreturn, noinline))
misuse(const struct Spinlock *lk, const char *what, uintptr_t pc)
{
	struct Eipdebuginfo now, then;

	debuginfo_eip(pc, &now);
	debuginfo_eip(lk->pc, &then);
	// With the functions: what takes the kernel lock is inlined there.
	panic("CPU %d %s %s at %s:%d in %.*s; last taken by CPU %d at %s:%d "
	      "in %.*s",
	      cpunum(), what, lk->name, now.eip_file, now.eip_line,
	      now.eip_fn_namelen, now.eip_fn_name,
	      lk->cpu ? (int)(lk->cpu - cpus) : -1, then.eip_file,
	      then.eip_line, then.eip_fn_namelen, then.eip_fn_name);
}

// Stop: this CPU may not take the lock at `pc`. Whoever has a lock may not take
// it again, for its rank is not above its own.
static void __attribute__((noreturn, noinline))
misordered(const struct Spinlock *lk, uintptr_t pc)
{
	misuse(lk,
	       lk->cpu == thiscpu ? "waits for itself: it holds"
	                          : "takes, out of order,",
	       pc);
}

// Another CPU has the lock: wait until it is free, and take it. Meanwhile do
// what other CPUs wait for: they cannot interrupt us here.
static void __attribute__((noinline)) spin(struct Spinlock *lk)
{
	do {
		tlb_answer();
		// The kernel has stopped, and stays so.
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
	// What was written before is seen before this, in this order.
	// Source: Intel SDM vol. 3A, "Memory Ordering in P6 and More Recent
	// Processor Families".
	__asm__ volatile("movl $0, %0" : "=m"(lk->locked) : : "memory");
}

// Take the lock; wait while another CPU has it.
//
// Needs:    interrupts off. Panics when this CPU has it already, or has one
//           that comes later in the order.
void
spin_lock(struct Spinlock *lk)
{
	take(lk, lk->rank, thiscpu, (uintptr_t)__builtin_return_address(0));
}

// Drop the lock. Panics when this CPU does not hold it, or took another since.
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

// Take the kernel lock. curenv becomes the environment of this CPU. (No CPU
// waits for this one's TLB when the lock is free: who waits for that holds it.)
//
// Needs:    as spin_lock does, and this CPU's kernel stack (stack_cpu).
void
lock_kernel(void)
{
	struct CpuInfo *cpu = stack_cpu();

	take(&kernel_lock, RANK_KERNEL, cpu,
	     (uintptr_t)__builtin_return_address(0));
	curenv = cpu->cpu_env;
}

// Drop the kernel lock. curenv is the next CPU's.
void
unlock_kernel(void)
{
	struct CpuInfo *cpu = stack_cpu();

	cpu->cpu_env = curenv;
	drop(&kernel_lock, RANK_KERNEL, cpu,
	     (uintptr_t)__builtin_return_address(0));
}
