// Finding the other CPUs, and starting them.

#include <inc/assert.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/firmware.h>
#include <kern/lapic.h>
#include <kern/panic.h>
#include <kern/pit.h>
#include <kern/pmap.h>
#include <kern/sched.h>
#include <kern/trap.h>

struct CpuInfo cpus[NCPU] = { { .cpu_status = CPU_STARTED } };
int ncpu = 1;
struct CpuInfo *const bootcpu = &cpus[0];
physaddr_t lapicaddr;

// Element 0 is not used: the boot CPU stays on `bootstack`.
uint8_t percpu_kstacks[NCPU][KSTKSIZE] __attribute__((aligned(PGSIZE)));

// For the starting CPU (kern/mpentry.S): its page directory and stack.
physaddr_t mpentry_cr3;
uint32_t mpentry_kstack;

void mp_main(void) __attribute__((noreturn));

// "CPUID-CPU Identification", Basic CPUID Information, leaf 1.
#define CPUID_EDX_APIC   (1 << 9)
#define CPUID_EBX_APICID 24 // shift
#define MSR_APIC_BASE    0x1b

// How long a CPU may take to come up.
#define START_MS 1000

// Add the CPU with local APIC ID `id` to the list.
void
cpulist_add(struct Cpulist *found, uint8_t id)
{
	if (found->n < NCPU)
		found->ids[found->n] = id;
	found->n++;
}

// List this CPU alone, when the firmware lists none.
static void
only_this_cpu(struct Cpulist *found, uint8_t id)
{
	uint32_t edx;

	*found = (struct Cpulist){ 0 };
	cpulist_add(found, id);
	cpuid(1, NULL, NULL, NULL, &edx);
	if (edx & CPUID_EDX_APIC)
		found->lapic = PTE_ADDR(rdmsr(MSR_APIC_BASE));
}

// Find the CPUs, from ACPI or else the MP tables, and fill in cpus[], ncpu and
// lapicaddr.
//
// Needs:    the page directory of kern/entry.S; nothing has been allocated
//           yet: the tables may lie in memory that will be.
void
mp_init(void)
{
	struct Cpulist found;
	uint32_t ebx;
	uint8_t boot_id;

	cpuid(1, NULL, &ebx, NULL, NULL);
	boot_id = ebx >> CPUID_EBX_APICID;
	if (!acpi_cpus(&found) && !mptables_cpus(&found))
		only_this_cpu(&found, boot_id);
	firmware_done();

	lapicaddr = found.lapic;
	bootcpu->cpu_id = boot_id;
	for (uint32_t i = 0; i < found.n && i < NCPU; i++)
		if (found.ids[i] != boot_id && ncpu < NCPU && lapicaddr)
			cpus[ncpu++].cpu_id = found.ids[i];
	cprintf("SMP: CPU %d found %d CPU(s)\n", cpunum(), ncpu);
	if (found.n > NCPU)
		cprintf("SMP: %u more are not used\n", found.n - NCPU);
}

// Start CPU `i` and wait until it reports that it runs. If it has not taken its
// stack in time, the stack is withdrawn: a CPU that comes late finds none and
// halts (kern/mpentry.S).
//
// Returns:  whether it runs.
static bool
start_cpu(int i)
{
	mpentry_kstack = KSTACKTOP_OF(i);
	lapic_startap(cpus[i].cpu_id, MPENTRY_PADDR);
	for (int ms = 0; cpus[i].cpu_status == CPU_UNUSED; ms++) {
		if (ms >= START_MS && xchg(&mpentry_kstack, 0))
			return false;
		// It may have panicked instead.
		while (panicstr)
			hlt();
		cpu_pause();
		pit_wait_us(1000);
	}
	return true;
}

// Start the other CPUs one by one, until one fails. Each waits for the kernel
// lock and then enters the scheduler.
//
// Needs:    everything a CPU needs to run programs; the kernel lock is held.
void
mp_start(void)
{
	extern uint8_t mpentry_start[], mpentry_end[];

	if (ncpu == 1)
		return;
	memcpy(KADDR(MPENTRY_PADDR), mpentry_start,
	       mpentry_end - mpentry_start);
	mpentry_cr3 = PADDR(kern_pgdir);
	lapic_init_others();
	for (int i = 1; i < ncpu; i++) {
		if (start_cpu(i))
			continue;
		// Skip the rest: this one, if late, might take their stack.
		ncpu = i;
		cprintf("SMP: CPU %d does not start; %d CPU(s) are used\n", i,
		        ncpu);
	}
}

// The first C code of each other CPU, on its own stack.
void
mp_main(void)
{
	gdt_init();
	trap_init_percpu();
	lapic_init();
	cprintf("SMP: CPU %d starting\n", cpunum());
	// The boot CPU waits for this, and prints nothing until then.
	xchg(&thiscpu->cpu_status, CPU_STARTED);

	kernel_passage(CPU_STARTS);
	sched_yield();
}
