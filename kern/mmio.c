// Mappings for several CPUs: APIC registers and kernel stacks.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/pmap.h>

// Map the `size` bytes of device registers at physical address `pa` in
// kern_pgdir, in the window from MMIOBASE up to MMIOLIM: the kernel may read
// and write, user code may do neither, and no access is cached (PTE_PCD and
// PTE_PWT). The first call takes the start of the window, each later one what
// follows the previous. Neither `pa` nor `size` need be page-aligned: whole
// pages are mapped, all those that the range touches. What is mapped here is
// never unmapped.
//
// Returns:  the address at which the byte at `pa` is seen.
//           Panics when the rest of the window cannot hold the pages, whatever
//           `pa` and `size` are.
// Source:   Intel SDM vol. 3A, "Memory Cache Control", "Precedence of Cache
//           Controls".
void *
mmio_map_region(physaddr_t pa, size_t size)
{
	// @solution lab4.mmio_map_region
	static uintptr_t next = MMIOBASE;
	const uintptr_t start = next;
	const physaddr_t first = ROUNDDOWN(pa, PGSIZE);

	// Check before rounding up, which might wrap.
	if (size > MMIOLIM - next ||
	    ROUNDUP(PGOFF(pa) + size, PGSIZE) > MMIOLIM - next)
		panic("mmio_map_region: no room for %u bytes at %08x",
		      (uint32_t)size, pa);
	size = ROUNDUP(PGOFF(pa) + size, PGSIZE);
	boot_map_region(kern_pgdir, start, size, first,
	                PTE_W | PTE_PCD | PTE_PWT);
	next += size;
	return (void *)(start + PGOFF(pa));
	// @end lab4.mmio_map_region
}

// Map the kernel stacks of the CPUs 1 to NCPU - 1 in kern_pgdir, as map_kstack
// maps the boot CPU's: CPU i's are the KSTKSIZE bytes from percpu_kstacks[i]
// on (kern/cpu.h), and end at KSTACKTOP - i * (KSTKSIZE + KSTKGAP). The kernel
// may read and write, user code may do neither. The KSTKGAP bytes below each
// stay unmapped.
void
mem_init_mp(void)
{
	// @solution lab4.mem_init_mp
	for (int i = 1; i < NCPU; i++)
		boot_map_region(kern_pgdir, KSTACKTOP_OF(i) - KSTKSIZE,
		                KSTKSIZE, PADDR(percpu_kstacks[i]), PTE_W);
	// @end lab4.mem_init_mp
}
