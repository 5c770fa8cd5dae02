// What the kernel knows of each CPU.
#ifndef JOS_KERN_CPU_H
#define JOS_KERN_CPU_H

#include <inc/env.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/types.h>
#include <inc/x86.h>

#define NCPU 8 // most that are used; any others are not started

enum CpuStatus {
	CPU_UNUSED = 0, // absent, or not up yet
	CPU_STARTED,
	CPU_HALTED, // in sched_halt, without the kernel lock
	CPU_POKED,  // was halted; a wake-up IPI is on its way
};

// Aligned so that no two CPUs share a cache line.
struct CpuInfo {
	struct Taskstate cpu_ts; // its kernel stack (kern/percpu.c)
	uint8_t cpu_id;          // its local APIC ID

	// Guarded by the kernel lock.
	volatile uint32_t cpu_status;
	struct Env *cpu_env; // what it runs while others hold the lock

	// Used by this CPU only.
	uint32_t cpu_locks; // locks that it holds, by rank (kern/spinlock.h)

	// TLB shootdown (kern/tlb.c): set by the CPU that changes a page table,
	// cleared by this one when its TLB is flushed.
	volatile uint32_t cpu_flush;
} __attribute__((aligned(128)));

// kern/cpu.c. cpus[0] is the boot CPU; the first ncpu elements are in use.
extern struct CpuInfo cpus[NCPU];
extern int ncpu;
extern struct CpuInfo *const bootcpu;
extern physaddr_t lapicaddr; // of every CPU's local APIC; 0 without one

// CPU i's kernel stack; the boot CPU uses `bootstack` instead.
extern uint8_t percpu_kstacks[NCPU][KSTKSIZE];

// Where the kernel stack of CPU `i` ends in the address space.
#define KSTACKTOP_OF(i) (KSTACKTOP - (i) * (KSTKSIZE + KSTKGAP))

// Returns:  this CPU's index in cpus[], derived from the stack pointer: the
//           kernel stacks have fixed addresses, and only the boot CPU uses
//           other stacks (at boot and in checks).
static inline int
cpunum(void)
{
	uint32_t n = (KSTACKTOP - 1 - read_esp()) / (KSTKSIZE + KSTKGAP);

	return n < NCPU ? n : 0;
}

#define thiscpu (&cpus[cpunum()])

// Returns:  this CPU's element of cpus[].
//
// Needs:    this CPU is on its kernel stack (KSTACKTOP_OF).
static inline struct CpuInfo *
stack_cpu(void)
{
	struct CpuInfo *cpu =
		&cpus[(KSTACKTOP - 1 - read_esp()) / (KSTKSIZE + KSTKGAP)];

	// Keep it in a register: otherwise the compiler repeats the
	// multiplication for each field.
	__asm__("" : "+r"(cpu));
	return cpu;
}

// kern/cpu.c
void mp_init(void);
void mp_start(void);

// kern/acpi.c, kern/mptables.c: the CPUs as the firmware lists them.
struct Cpulist {
	physaddr_t lapic;  // where the local APICs are
	uint32_t n;        // usable CPUs, including any beyond NCPU
	uint8_t ids[NCPU]; // APIC IDs of the first NCPU
};

bool acpi_cpus(struct Cpulist *found);
bool mptables_cpus(struct Cpulist *found);
void cpulist_add(struct Cpulist *found, uint8_t id);

#endif
