// Physical pages and page tables.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/pmap.h>
#include <kern/tlb.h>

// --------------------------------------------------------------
// Physical pages
// --------------------------------------------------------------

// Allocate memory before there is a page allocator: the first call takes the
// first page boundary at or above `end`, each later one what follows the
// previous, in whole pages. What it gives is never given back.
//
// `n` is a number of bytes. With n = 0 nothing is allocated.
//
// Needs:    npages set; page_init not called yet (later only with n = 0).
// Returns:  the kernel address of ROUNDUP(n, PGSIZE) bytes, page-aligned and
//           not initialised; with n = 0, the address that the next allocation
//           will get.
//           Panics when the memory of this machine (npages pages, seen from
//           KERNBASE up) cannot hold them, whatever `n` is.
void *
boot_alloc(uint32_t n)
{
	// @solution lab2.boot_alloc
	static uintptr_t next;
	uintptr_t result;

	if (next == 0)
		next = ROUNDUP((uintptr_t)end, PGSIZE);
	result = next;
	if (n > npages * PGSIZE - (result - KERNBASE))
		panic("boot_alloc: no memory left for %u bytes", n);
	next += ROUNDUP(n, PGSIZE);
	return (void *)result;
	// @end lab2.boot_alloc
}

// Build page_free_list: exactly the pages that nobody uses yet, each once, and
// with pp_ref 0 in all of pages[]. In use are
//   - page 0, which keeps the real-mode interrupt table and the BIOS's data;
//   - the page at MPENTRY_PADDR, for the other CPUs' start-up code;
//   - the hole from IOPHYSMEM up to EXTPHYSMEM;
//   - the kernel and what boot_alloc gave, from EXTPHYSMEM up.
// Every other page of the machine, below and above the hole, is free. A page in
// use has pp_link NULL. The order of the list does not matter.
//
// Needs:    pages[] allocated and all zero, npages set; from now on only
//           page_alloc allocates.
void
page_init(void)
{
	// @solution lab2.page_init
	const size_t mpentry = PGNUM(MPENTRY_PADDR);
	const struct {
		size_t from, to;
	} usable[] = {
		{ 1, mpentry },
		{ mpentry + 1, PGNUM(IOPHYSMEM) },
		{ PGNUM(PADDR(boot_alloc(0))), npages },
	};
	struct PageInfo *list = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(usable); i++) {
		const struct PageInfo *stop = pages + usable[i].to;

		for (struct PageInfo *pp = pages + usable[i].from; pp < stop;
		     pp++) {
			pp->pp_link = list;
			list = pp;
		}
	}
	page_free_list = list;
	// @end lab2.page_init
}

// Take a page from the free list.
//
// With ALLOC_ZERO in `alloc_flags` its 4096 bytes are zero, without it they are
// left as they are. The page's pp_ref stays 0: whoever maps the page counts the
// reference. Its pp_link is NULL, so that page_free can tell a page in use from
// a free one.
//
// Returns:  the page, or NULL when no page is free.
struct PageInfo *
page_alloc(int alloc_flags)
{
	// @solution lab2.page_alloc
	struct PageInfo *pp = page_free_list;

	if (!pp)
		return NULL;
	page_free_list = pp->pp_link;
	pp->pp_link = NULL;
	if (alloc_flags & ALLOC_ZERO)
		memset(page2kva(pp), 0, PGSIZE);
	return pp;
	// @end lab2.page_alloc
}

// Put a page back on the free list. The next page_alloc may hand it out.
//
// Panics when pp_ref is not 0 (somebody still maps the page) or pp_link is not
// NULL (the page is free already); then the list is unchanged.
void
page_free(struct PageInfo *pp)
{
	// @solution lab2.page_free
	if (pp->pp_ref != 0)
		panic("page_free: page %08x still has %u references",
		      page2pa(pp), pp->pp_ref);
	if (pp->pp_link != NULL)
		panic("page_free: page %08x is free already", page2pa(pp));
	pp->pp_link = page_free_list;
	page_free_list = pp;
	// @end lab2.page_free
}

// --------------------------------------------------------------
// Page tables
// --------------------------------------------------------------

// Find the page-table entry for `va` in the address space of `pgdir`.
//
// When no page table covers `va` yet and `create` is set, make one: a zeroed
// page with pp_ref 1, entered in the directory as present, writable and
// accessible to user code (the processor combines both levels, so what a page
// allows is decided in its page-table entry alone). A directory entry that is
// not present leads to no table, whatever else it holds.
//
// Returns:  the kernel address of the entry, which need not be present; NULL
//           when there is no page table and `create` is 0, or when no page is
//           free for it, and then nothing has changed.
// Source:   Intel SDM vol. 3A, "Paging", "32-Bit Paging" and "Determination of
//           Access Rights".
pte_t *
pgdir_walk(pde_t *pgdir, const void *va, int create)
{
	// @solution lab2.pgdir_walk
	pde_t *pde = &pgdir[PDX(va)];

	if (!(*pde & PTE_P)) {
		struct PageInfo *pp = create ? page_alloc(ALLOC_ZERO) : NULL;

		if (!pp)
			return NULL;
		pp->pp_ref++;
		*pde = page2pa(pp) | PTE_P | PTE_W | PTE_U;
	}
	return (pte_t *)KADDR(PTE_ADDR(*pde)) + PTX(va);
	// @end lab2.pgdir_walk
}

// Map the `size` bytes of virtual addresses from `va` to the physical addresses
// from `pa`, each page with `perm | PTE_P`. For mappings that stay for ever
// above UTOP: reference counts are not touched, and `pa` need not be memory.
// The range may end at the very top of the address space, 2^32.
//
// Needs:    va, pa and size multiples of PGSIZE; nothing mapped there yet.
//           Panics when no page table can be had.
void
boot_map_region(pde_t *pgdir, uintptr_t va, size_t size, physaddr_t pa,
                int perm)
{
	// @solution lab2.boot_map_region
	pte_t entry = pa | perm | PTE_P;

	while (size > 0) {
		// One walk per page table: its entries are contiguous.
		pte_t *pte = pgdir_walk(pgdir, (void *)va, 1);
		size_t chunk = MIN(size, PTSIZE - va % PTSIZE);

		if (!pte)
			panic("boot_map_region: no page table for %08x",
			      (uint32_t)va);
		// Count pages instead of comparing addresses: the table may end
		// at 2^32, where the address wraps to 0.
		for (size_t n = chunk / PGSIZE; n > 0; n--) {
			*pte++ = entry;
			entry += PGSIZE;
		}
		va += chunk;
		size -= chunk;
	}
	// @end lab2.boot_map_region
}

// Find the page that is mapped at `va`.
//
// When `pte_store` is not NULL and a page is found, the address of its
// page-table entry is stored there; otherwise *pte_store is left alone.
//
// Returns:  the page, or NULL when nothing is mapped at `va`. No page table is
//           ever made.
struct PageInfo *
page_lookup(pde_t *pgdir, void *va, pte_t **pte_store)
{
	// @solution lab2.page_lookup
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (!pte || !(*pte & PTE_P))
		return NULL;
	if (pte_store)
		*pte_store = pte;
	return pa2page(PTE_ADDR(*pte));
	// @end lab2.page_lookup
}

// Remove the mapping at `va`, if there is one: its page-table entry becomes 0,
// no processor keeps a stale translation in its TLB, and the page loses a
// reference, which frees it when that was the last. Where nothing is mapped,
// nothing happens.
void
page_remove(pde_t *pgdir, void *va)
{
	// @solution lab2.page_remove
	pte_t *pte;
	struct PageInfo *pp = page_lookup(pgdir, va, &pte);

	if (!pp)
		return;
	*pte = 0;
	tlb_invalidate(pgdir, va);
	page_decref(pp);
	// @end lab2.page_remove
}

// Map `pp` at `va` with permissions `perm | PTE_P`, replacing what was there,
// as page_remove removes it. The page gains a reference. Mapping a page again
// where it is already is allowed: its reference count ends as it was, it is
// never on the free list meanwhile, and the new permissions hold, be they more
// or fewer. Pages at other addresses stay mapped as they are. No stale
// translation stays in the TLB.
//
// Needs:    va page-aligned.
// Returns:  0, or -E_NO_MEM when no page table could be had; then nothing has
//           changed.
// Source:   Intel SDM vol. 3A, "Invalidation of TLBs and Paging-Structure
//           Caches".
int
page_insert(pde_t *pgdir, struct PageInfo *pp, void *va, int perm)
{
	// @solution lab2.page_insert
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (!pte)
		return -E_NO_MEM;
	// Count first, so that removing the same page does not free it.
	pp->pp_ref++;
	if (*pte & PTE_P)
		page_remove(pgdir, va);
	*pte = page2pa(pp) | perm | PTE_P;
	return 0;
	// @end lab2.page_insert
}

// --------------------------------------------------------------
// The kernel's address space
// --------------------------------------------------------------

// Map pages[] at UPAGES in kern_pgdir: user programs and the kernel may read
// it there, neither may write. Mapped are the whole pages that hold the array's
// npages elements, and no more.
void
map_pages(void)
{
	// @solution lab2.map_pages
	boot_map_region(kern_pgdir, UPAGES,
	                ROUNDUP(npages * sizeof(*pages), PGSIZE), PADDR(pages),
	                PTE_U);
	// @end lab2.map_pages
}

// Map the boot CPU's kernel stack, the KSTKSIZE bytes from `bootstack` on, in
// kern_pgdir so that it ends at KSTACKTOP: the kernel may read and write, user
// code may do neither. The KSTKGAP bytes below it stay unmapped: running over
// the stack then faults instead of overwriting memory.
void
map_kstack(void)
{
	// @solution lab2.map_kstack
	boot_map_region(kern_pgdir, KSTACKTOP - KSTKSIZE, KSTKSIZE,
	                PADDR(bootstack), PTE_W);
	// @end lab2.map_kstack
}

// Map all addresses from KERNBASE to 2^32 in kern_pgdir to the physical
// addresses from 0 on, whether the machine has memory there or not: the kernel
// may read and write, user code may do neither.
void
map_kernbase(void)
{
	// @solution lab2.map_kernbase
	boot_map_region(kern_pgdir, KERNBASE, -(size_t)KERNBASE, 0, PTE_W);
	// @end lab2.map_kernbase
}
