// TLB shootdown: keep the TLBs of all CPUs consistent with the page tables.
#ifndef JOS_KERN_TLB_H
#define JOS_KERN_TLB_H

#include <inc/mmu.h>
#include <inc/x86.h>

#include <kern/cpu.h>

void tlb_shootdown(const pde_t *pgdir);
bool tlb_fault_is_spurious(const pde_t *pgdir, uint32_t va, uint32_t err);

// Flush this CPU's TLB if another CPU waits for that.
static inline void
tlb_answer(void)
{
	struct CpuInfo *cpu = thiscpu;

	if (!cpu->cpu_flush)
		return;
	lcr3(rcr3());
	xchg(&cpu->cpu_flush, 0);
}

#endif
