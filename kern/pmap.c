// Physical pages, page tables, and the kernel's own address space.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/check/check.h>
#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/pmap.h>
#include <kern/tlb.h>

size_t npages;
struct PageInfo *pages;
struct PageInfo *page_free_list;
pde_t *kern_pgdir;

// Set up the kernel's address space (inc/memlayout.h draws it) and the
// allocator of physical pages, checking each step before the next relies on it.
//
// Needs:    paging on, with all of physical memory at KERNBASE (kern/entry.S).
void
mem_init(void)
{
	detect_memory();

	kern_pgdir = boot_alloc(PGSIZE);
	memset(kern_pgdir, 0, PGSIZE);
	// The directory doubles as the page table of UVPT: user programs read
	// every page table of their address space there.
	kern_pgdir[PDX(UVPT)] = PADDR(kern_pgdir) | PTE_U | PTE_P;

	pages = boot_alloc(npages * sizeof(*pages));
	memset(pages, 0, npages * sizeof(*pages));
	envs = boot_alloc(NENV * sizeof(*envs));
	memset(envs, 0, NENV * sizeof(*envs));
	check_boot_alloc();

	page_init();
	check_page_free_list();
	check_page_alloc();
	check_page();

	map_pages();
	map_kstack();
	map_kernbase();
	check_kern_pgdir();

	lcr3(PADDR(kern_pgdir));
	check_page_free_list();
	check_page_installed_pgdir();
}

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

// Drop one reference to `pp`, and free the page when that was the last.
void
page_decref(struct PageInfo *pp)
{
	assert(pp->pp_ref > 0);
	if (--pp->pp_ref == 0)
		page_free(pp);
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
		// One walk for each page table; its entries follow one another.
		pte_t *pte = pgdir_walk(pgdir, (void *)va, 1);
		size_t chunk = MIN(size, PTSIZE - va % PTSIZE);

		if (!pte)
			panic("boot_map_region: no page table for %08x",
			      (uint32_t)va);
		// Not until the end of the table: it may be the last page of
		// memory, at whose end addresses start again from 0.
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
	// Counted first, so that removing the same page does not free it.
	pp->pp_ref++;
	if (*pte & PTE_P)
		page_remove(pgdir, va);
	*pte = page2pa(pp) | perm | PTE_P;
	return 0;
	// @end lab2.page_insert
}

// Forget the TLBs' entries for `va` in the address space of `pgdir`. A TLB
// holds only translations of the address space that is loaded, but the
// kernel's part is the same in all.
void
tlb_invalidate(pde_t *pgdir, void *va)
{
	if (!curenv || curenv->env_pgdir == pgdir || (uintptr_t)va >= UTOP)
		invlpg(va);
	if (ncpu > 1)
		tlb_shootdown(pgdir);
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

// Map envs[] at UENVS in kern_pgdir: user programs and the kernel may read it
// there, neither may write. Mapped are the whole pages that hold the array's
// NENV elements, and no more. References are not counted: pp_ref stays 0.
//
// Needs:    kern_pgdir loaded.
void
map_envs(void)
{
	// @solution lab3.map_envs
	boot_map_region(kern_pgdir, UENVS,
	                ROUNDUP(NENV * sizeof(*envs), PGSIZE), PADDR(envs),
	                PTE_U);
	// @end lab3.map_envs
}

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

	// Before anything is rounded up, which might wrap.
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

// --------------------------------------------------------------
// Memory of user environments
// --------------------------------------------------------------

// The first address that the last failing user_mem_check complained about.
uintptr_t user_mem_check_addr;

// May environment `env` access all the `len` bytes from `va` on? An access to a
// byte is allowed when the byte lies below ULIM and both the directory entry
// and the page-table entry for it have all the bits of `perm | PTE_P`. `va` and
// `len` come from a program and may be anything: unaligned, 0, or such that
// va + len passes 2^32, which is refused like any range that reaches ULIM.
// A range of no bytes is always allowed. Nothing changes by asking: no page
// table is made.
//
// Returns:  0, or -E_FAULT, with the lowest address in the range that may not
//           be accessed stored in user_mem_check_addr: `va` itself or the start
//           of a later page.
int
user_mem_check(struct Env *env, const void *va, size_t len, int perm)
{
	// @solution lab3.user_mem_check
	uintptr_t addr = (uintptr_t)va;
	const uintptr_t last = addr + len - 1;
	const pte_t wanted = perm | PTE_P;

	while (len > 0) {
		pte_t allowed = addr < ULIM ? env->env_pgdir[PDX(addr)] : 0;

		if (allowed & PTE_P) {
			const pte_t *table = KADDR(PTE_ADDR(allowed));

			allowed &= table[PTX(addr)];
		}
		if ((allowed & wanted) != wanted) {
			user_mem_check_addr = addr;
			return -E_FAULT;
		}
		// Also right where `last` has passed 2^32: it is a difference.
		if (last - addr < PGSIZE - PGOFF(addr))
			break;
		addr = ROUNDDOWN(addr, PGSIZE) + PGSIZE;
	}
	return 0;
	// @end lab3.user_mem_check
}

// user_mem_check has refused `env` something: destroy it, and if it is the
// current one, do not return.
void
user_mem_refuse(struct Env *env)
{
	cprintf("[%08x] user_mem_check assertion failure for va %08x\n",
	        env->env_id, (uint32_t)user_mem_check_addr);
	env_destroy(env);
}
