// TLB shootdown: keep the TLBs of all CPUs consistent with the page tables.
//
// When a CPU changes the page tables of an environment that another CPU runs,
// the other CPU may keep using stale TLB entries until it is interrupted. It
// answers when the IPI reaches it in user mode, or while it spins on the kernel
// lock with interrupts off; it cannot be elsewhere, because we hold the lock.
//
// Source: Intel SDM vol. 3A, "Propagation of Paging-Structure Changes to
// Multiple Processors".

#include <inc/memlayout.h>
#include <inc/trap.h>

#include <kern/env.h>
#include <kern/lapic.h>
#include <kern/pmap.h>
#include <kern/tlb.h>

// Return when no other CPU's TLB holds stale entries of `pgdir`.
//
// Needs:    the kernel lock; the page table changed already.
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
// `pgdir`, may be spurious: replacing a page leaves it unmapped for a moment,
// and a program on another CPU can observe that (a race). Once this CPU has the
// kernel lock, the new page is in place. The fault itself has removed the
// address from the TLB.
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

// Invalidate the TLBs' entries for `va` in the address space of `pgdir`. A TLB
// holds only translations of the loaded address space (which need not be
// curenv's), but the kernel's part is the same in all.
void
tlb_invalidate(pde_t *pgdir, void *va)
{
	if (rcr3() == PADDR(pgdir) || (uintptr_t)va >= UTOP)
		invlpg(va);
	if (ncpu > 1)
		tlb_shootdown(pgdir);
}
