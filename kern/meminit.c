// Set up physical memory and the kernel's address space, step by step.

#include <inc/assert.h>
#include <inc/mmu.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/check/check.h>
#include <kern/env.h>
#include <kern/pmap.h>

size_t npages;
struct PageInfo *pages;
struct PageInfo *page_free_list;
pde_t *kern_pgdir;

// Set up the kernel's address space (drawn in inc/memlayout.h) and the physical
// page allocator. Each step is checked before the next relies on it.
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

// Drop one reference to `pp`; free the page if it was the last.
void
page_decref(struct PageInfo *pp)
{
	assert(pp->pp_ref > 0);
	if (--pp->pp_ref == 0)
		page_free(pp);
}
