// Keeping the TLBs of all CPUs in step with the page tables.
//
// A CPU changes the page tables of an environment that another one runs: the
// other may go on with what its TLB holds, until it is told. It answers when
// the interrupt reaches it in user mode, or while it waits for the kernel lock
// with interrupts off; it cannot be anywhere else, for we hold the lock.
//
// Source: Intel SDM vol. 3A, "Propagation of Paging-Structure Changes to
// Multiple Processors".

#include <inc/env.h>
#include <inc/trap.h>

#include <kern/lapic.h>
#include <kern/tlb.h>

// Return when no other CPU's TLB holds anything older of `pgdir`.
//
// Needs:    the kernel lock, and the page table changed already.
void
tlb_shootdown(const pde_t *pgdir)
{
	struct CpuInfo *me = thiscpu;

	for (struct CpuInfo *c = cpus; c < cpus + ncpu; c++) {
		if (c == me || !c->cpu_env || c->cpu_env->env_pgdir != pgdir)
			continue;
		xchg(&c->cpu_flush, 1);
		lapic_ipi(c->cpu_id, IRQ_OFFSET + IRQ_POKE);
		while (c->cpu_flush)
			cpu_pause();
	}
}
