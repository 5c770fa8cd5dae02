// Keeping the TLBs of all CPUs in step with the page tables.
//
// A CPU changes the page tables of an environment that another one runs: the
// other may go on with what its TLB holds, until it is told. It answers when
// the interrupt reaches it in user mode, or while it waits for the kernel lock
// with interrupts off; it cannot be anywhere else, for we hold the lock.
//
// Source: Intel SDM vol. 3A, "Propagation of Paging-Structure Changes to
// Multiple Processors".

#include <inc/memlayout.h>
#include <inc/trap.h>

#include <kern/env.h>
#include <kern/lapic.h>
#include <kern/pmap.h>
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

// A page fault at `va`, with error code `err` (FEC_*), in the address space of
// `pgdir`, need not be the program's doing: while a page is replaced by another
// one, there is none for a moment, and a program that another CPU runs may
// come upon that. Once it has the kernel lock here, the new page is in place.
// The fault itself has removed the address from the TLB.
//
// Returns:  whether the page tables allow the access now.
// Source:   Intel SDM vol. 3A, "Operations that Invalidate TLBs and
//           Paging-Structure Caches", on page faults.
bool
tlb_fault_is_spurious(const pde_t *pgdir, uint32_t va, uint32_t err)
{
	const uint32_t needed = PTE_P | PTE_U | (err & FEC_WR ? PTE_W : 0);
	const pde_t pde = pgdir[PDX(va)];
	const pte_t *table;

	if ((pde & needed) != needed || (err & ~(FEC_PR | FEC_WR | FEC_U)))
		return false;
	table = KADDR(PTE_ADDR(pde));
	return (table[PTX(va)] & needed) == needed;
}

// Forget the TLBs' entries for `va` in the address space of `pgdir`. A TLB
// holds only translations of the address space that is loaded (which need not
// be that of curenv), but the kernel's part is the same in all.
void
tlb_invalidate(pde_t *pgdir, void *va)
{
	if (rcr3() == PADDR(pgdir) || (uintptr_t)va >= UTOP)
		invlpg(va);
	if (ncpu > 1)
		tlb_shootdown(pgdir);
}
