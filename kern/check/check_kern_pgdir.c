// Checks of the kernel's own mappings.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>

#include <kern/check/check.h>
#include <kern/env.h>
#include <kern/pmap.h>

// Ignored: the bits that the processor sets itself.
#define NOTED (PTE_A | PTE_D)

// The entry that maps `va` in kern_pgdir, as an entry for one page, with the
// directory entry's U and W bits applied; 0 if nothing is mapped.
static pte_t
entry_of(uintptr_t va)
{
	pde_t pde = kern_pgdir[PDX(va)];
	pte_t pte;

	if (!(pde & PTE_P))
		return 0;
	if (pde & PTE_PS)
		return (pde & ~(PTSIZE - 1) & ~PTE_PS) +
		       ROUNDDOWN(va % PTSIZE, PGSIZE) +
		       (pde & (PGSIZE - 1) & ~(PTE_PS | NOTED));
	pte = ((pte_t *)KADDR(PTE_ADDR(pde)))[PTX(va)];
	if (!(pte & PTE_P))
		return 0;
	return pte & (pde | ~(PTE_U | PTE_W)) & ~NOTED;
}

// Check that the `size` bytes from `va` map to those from `pa`, with exactly
// the permissions `perm`. `what` names the region.
static void
expect_mapped(const char *what, uintptr_t va, size_t size, physaddr_t pa,
              int perm)
{
	for (size_t off = 0; off < size; off += PGSIZE) {
		pte_t wanted = (pa + off) | perm | PTE_P;
		pte_t seen = entry_of(va + off);

		if (seen != wanted)
			panic("%s: the entry for va %08x is %08x instead of "
			      "%08x",
			      what, (uint32_t)(va + off), seen, wanted);
	}
}

// Check that nothing is mapped from `va` up to `limit`.
static void
expect_unmapped(const char *what, uintptr_t va, uintptr_t limit)
{
	while (va < limit) {
		// Most of these directory entries are empty.
		if (!(kern_pgdir[PDX(va)] & PTE_P)) {
			va = ROUNDDOWN(va, PTSIZE) + PTSIZE;
			continue;
		}
		if (entry_of(va))
			panic("%s: va %08x is mapped (entry %08x)", what,
			      (uint32_t)va, entry_of(va));
		va += PGSIZE;
	}
}

// The window above KERNBASE has 65536 pages: check it a table at a time.
static void
expect_kernbase(void)
{
	for (size_t pdx = PDX(KERNBASE); pdx < NPDENTRIES; pdx++) {
		const physaddr_t pa = (pdx - PDX(KERNBASE)) * PTSIZE;
		const pde_t pde = kern_pgdir[pdx];
		pte_t wanted = pa | PTE_P | PTE_W;
		bool good = false;

		if ((pde & (PTE_P | PTE_PS | PTE_W)) == (PTE_P | PTE_W)) {
			const pte_t *pte = KADDR(PTE_ADDR(pde));
			const pte_t *stop = pte + NPTENTRIES;

			// Not <: the end of memory's last page wraps to 0.
			for (; pte != stop && (*pte & ~NOTED) == wanted; pte++)
				wanted += PGSIZE;
			good = pte == stop;
		}
		// The quick comparison failed: find the wrong entry.
		if (!good)
			expect_mapped("the window above KERNBASE",
			              KERNBASE + pa, PTSIZE, pa, PTE_W);
	}
}

// Check that kern_pgdir maps the kernel as inc/memlayout.h says, and nothing
// else yet.
void
check_kern_pgdir(void)
{
	const uintptr_t kstack = KSTACKTOP - KSTKSIZE;
	const size_t pages_size = ROUNDUP(npages * sizeof(*pages), PGSIZE);

	checking("lab2.map_pages");
	expect_unmapped("below UPAGES", 0, UPAGES);
	expect_mapped("pages[] at UPAGES", UPAGES, pages_size, PADDR(pages),
	              PTE_U);
	expect_unmapped("past pages[]", UPAGES + pages_size, UVPT);
	if ((kern_pgdir[PDX(UVPT)] & ~NOTED) !=
	    (PADDR(kern_pgdir) | PTE_P | PTE_U))
		panic("the directory entry of UVPT is %08x, not the directory "
		      "itself",
		      kern_pgdir[PDX(UVPT)]);
	checking("lab2.map_kstack");
	expect_unmapped("the guard below the kernel stack", ULIM, kstack);
	expect_mapped("the kernel stack", kstack, KSTKSIZE, PADDR(bootstack),
	              PTE_W);
	checking("lab2.map_kernbase");
	expect_kernbase();
	checking(NULL);
	cprintf("check_kern_pgdir() succeeded!\n");
	check_report("check_kern_pgdir", pages_size);
}

// Check that envs[] is mapped at UENVS, and no references are counted.
void
check_kern_envs(void)
{
	const size_t size = ROUNDUP(NENV * sizeof(*envs), PGSIZE);

	checking("lab3.map_envs");
	expect_mapped("envs[] at UENVS", UENVS, size, PADDR(envs), PTE_U);
	expect_unmapped("past envs[]", UENVS + size, UPAGES);
	for (size_t off = 0; off < size; off += PGSIZE)
		if (pa2page(PADDR(envs) + off)->pp_ref != 0)
			panic("map_envs: the page of envs[] at %08x has pp_ref "
			      "%u instead of 0",
			      PADDR(envs) + off,
			      pa2page(PADDR(envs) + off)->pp_ref);
	checking(NULL);
	check_report("check_kern_envs", PADDR(envs));
}
