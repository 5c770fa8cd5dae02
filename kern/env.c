// Environments: creating and running them.

#include <inc/assert.h>
#include <inc/elf.h>
#include <inc/error.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/env.h>
#include <kern/monitor.h>
#include <kern/pmap.h>
#include <kern/program.h>
#include <kern/sched.h>
#include <kern/trap.h>

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

// Make every environment free: env_status ENV_FREE, env_id 0, and all of them
// on env_free_list in the order of the array, so that the first env_alloc takes
// envs[0]. Then load the segments that environments need (gdt_init).
//
// Needs:    envs[] allocated; it may hold anything.
void
env_init(void)
{
	// @solution lab3.env_init
	env_free_list = NULL;
	for (struct Env *e = envs + NENV - 1; e >= envs; e--) {
		e->env_id = 0;
		e->env_status = ENV_FREE;
		e->env_link = env_free_list;
		env_free_list = e;
	}
	gdt_init();
	// @end lab3.env_init
}

// Give `e` an address space of its own: a new page directory in e->env_pgdir (a
// kernel address) whose page has pp_ref 1.
//
// From UTOP up it is the kernel's (kern_pgdir), so that the kernel is mapped in
// every environment, except for the entry at UVPT, which shows the new
// directory itself to user code, read-only. Below UTOP nothing is mapped.
//
// Returns:  0, or -E_NO_MEM when no page is free for it.
int
env_setup_vm(struct Env *e)
{
	// @solution lab3.env_setup_vm
	struct PageInfo *pp = page_alloc(ALLOC_ZERO);

	if (!pp)
		return -E_NO_MEM;
	pp->pp_ref++;
	e->env_pgdir = page2kva(pp);
	memcpy(e->env_pgdir + PDX(UTOP), kern_pgdir + PDX(UTOP),
	       (NPDENTRIES - PDX(UTOP)) * sizeof(pde_t));
	e->env_pgdir[PDX(UVPT)] = PADDR(e->env_pgdir) | PTE_P | PTE_U;
	return 0;
	// @end lab3.env_setup_vm
}

// Give `e` memory for the `len` bytes from `va` on: new pages, not initialised,
// that user code may read and write, mapped in e->env_pgdir at every page that
// the range touches. Neither `va` nor `len` need be page-aligned. A page that
// is mapped already (two segments of a program can share one) stays, with what
// it holds. With `len` 0 nothing is mapped.
//
// Needs:    the range lies below UTOP. Panics when memory runs out, be it for
//           the pages or for a page table.
void
region_alloc(struct Env *e, void *va, size_t len)
{
	// @solution lab3.region_alloc
	uintptr_t start = ROUNDDOWN((uintptr_t)va, PGSIZE);
	uintptr_t stop = len ? ROUNDUP((uintptr_t)va + len, PGSIZE) : start;

	for (uintptr_t page = start; page < stop; page += PGSIZE) {
		struct PageInfo *pp;

		if (page_lookup(e->env_pgdir, (void *)page, NULL))
			continue;
		pp = page_alloc(0);
		if (!pp || page_insert(e->env_pgdir, pp, (void *)page,
		                       PTE_U | PTE_W) < 0)
			panic("region_alloc: out of memory at va %08x",
			      (uint32_t)page);
	}
	// @end lab3.region_alloc
}

// Load the program whose ELF image is at `binary` into the new environment `e`,
// and make it start at the image's entry point.
//
// Each segment of type ELF_PROG_LOAD gets memory at p_va for p_memsz bytes: the
// first p_filesz come from p_offset on in the image, the rest are zero.
// Segments need not be page-aligned and may share a page. The program also gets
// one page of stack below USTACKTOP, zeroed. Nothing else is mapped.
//
// An image may be anything. elf_check (kern/elfcheck.c) tells whether it is fit
// to be loaded; when it is not, panic with "load_icode: PROGRAM: REASON" before
// anything is mapped. program_of gives the program's name and size.
//
// Needs:    e->env_pgdir set up; `binary` is the image of one of programs[]. On
//           return the page directory that was loaded before is loaded again.
// Hint:     copying is simple while e's own page directory is loaded.
void
load_icode(struct Env *e, uint8_t *binary)
{
	// @solution lab3.load_icode
	const struct Program *program = program_of(binary);
	const char *reason = elf_check(binary, program->size);
	const struct Elf *elf = (const struct Elf *)binary;
	const struct Proghdr *ph, *eph;
	physaddr_t loaded = rcr3();

	if (reason)
		panic("load_icode: %s: %s", program->name, reason);

	lcr3(PADDR(e->env_pgdir));
	ph = (const struct Proghdr *)(binary + elf->e_phoff);
	for (eph = ph + elf->e_phnum; ph < eph; ph++) {
		uint8_t *va = (uint8_t *)(uintptr_t)ph->p_va;

		if (ph->p_type != ELF_PROG_LOAD)
			continue;
		region_alloc(e, va, ph->p_memsz);
		memcpy(va, binary + ph->p_offset, ph->p_filesz);
		memset(va + ph->p_filesz, 0, ph->p_memsz - ph->p_filesz);
	}
	region_alloc(e, (void *)(USTACKTOP - PGSIZE), PGSIZE);
	memset((void *)(USTACKTOP - PGSIZE), 0, PGSIZE);
	lcr3(loaded);

	e->env_tf.tf_eip = elf->e_entry;
	// @end lab3.load_icode
}

// Make a new environment of type `type`, with no parent (id 0), and load the
// program at `binary` into it.
//
// Panics with "env_create: %e" when env_alloc fails.
void
env_create(uint8_t *binary, enum EnvType type)
{
	// @solution lab3.env_create
	struct Env *e;
	int r = env_alloc(&e, 0);

	if (r < 0)
		panic("env_create: %e", r);
	load_icode(e, binary);
	e->env_type = type;
	// @end lab3.env_create
}

// Run environment `e`, leaving the one that ran before, if it is another, ready
// to run again: where curenv was ENV_RUNNING it becomes ENV_RUNNABLE; any other
// status stays. Then `e` is curenv, ENV_RUNNING, has one more of env_runs, its
// page directory is loaded, and the registers are those in e->env_tf. Does not
// return.
//
// Going on with the environment that ran before, where its address space is
// still loaded, need not load it again, but env_runs counts all the same.
void
env_run(struct Env *e)
{
	// @solution lab3.env_run
	if (curenv && curenv != e && curenv->env_status == ENV_RUNNING)
		curenv->env_status = ENV_RUNNABLE;
	curenv = e;
	e->env_status = ENV_RUNNING;
	e->env_runs++;
	if (rcr3() != PADDR(e->env_pgdir))
		lcr3(PADDR(e->env_pgdir));
	env_pop_tf(&e->env_tf);
	// @end lab3.env_run
}
