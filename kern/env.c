// Environments: creating, running and ending them.

#include <inc/assert.h>
#include <inc/elf.h>
#include <inc/error.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/env.h>
#include <kern/ipc.h>
#include <kern/monitor.h>
#include <kern/pmap.h>
#include <kern/program.h>
#include <kern/runq.h>
#include <kern/sched.h>
#include <kern/trap.h>

struct Env *envs;
struct Env *curenv;
struct Env *env_free_list;
uint32_t env_eflags;

// The generation part of an envid_t counts from here up.
#define ENVGENSHIFT 12

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

// As envid2env, for an `envid` that is not 0.
int
envid_lookup(envid_t envid, struct Env **env_store, bool checkperm)
{
	struct Env *e = &envs[ENVX(envid)];

	*env_store = NULL;
	// A slot's id is kept while it is free, and a new tenant has another.
	if (e->env_status == ENV_FREE || e->env_status == ENV_DYING ||
	    e->env_id != envid)
		return -E_BAD_ENV;
	if (checkperm && e != curenv && e->env_parent_id != curenv->env_id)
		return -E_BAD_ENV;
	*env_store = e;
	return 0;
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

// The id of the next tenant of `e`'s slot: one generation more, and positive.
static envid_t
next_envid(const struct Env *e)
{
	const uint32_t step = 1 << ENVGENSHIFT;
	uint32_t generation = ((uint32_t)e->env_id + step) & ~(NENV - 1);

	if ((int32_t)generation <= 0)
		generation = step;
	return generation | (e - envs);
}

// Make a new environment, runnable but with an empty address space and no entry
// point: the caller loads a program. Its registers are those of user mode.
//
// Returns:  0 with the environment in *newenv_store, -E_NO_FREE_ENV when all
//           NENV are in use, or -E_NO_MEM.
int
env_alloc(struct Env **newenv_store, envid_t parent_id)
{
	struct Env *e = env_free_list;
	int r;

	if (!e)
		return -E_NO_FREE_ENV;
	r = env_setup_vm(e);
	if (r < 0)
		return r;
	env_free_list = e->env_link;

	e->env_link = NULL;
	e->env_id = next_envid(e);
	e->env_parent_id = parent_id;
	e->env_type = ENV_TYPE_USER;
	e->env_runs = 0;
	e->env_cpunum = 0;
	e->env_pgfault_upcall = 0;
	e->env_ipc_recving = false;
	e->env_ipc_from = 0;
	e->env_ipc_value = 0;
	e->env_ipc_perm = 0;
	runq_put(e);
	// Nothing of the last tenant's registers may show in this one.
	memset(&e->env_tf, 0, sizeof(e->env_tf));
	e->env_tf.tf_ds = GD_UD | 3;
	e->env_tf.tf_es = GD_UD | 3;
	e->env_tf.tf_ss = GD_UD | 3;
	e->env_tf.tf_cs = GD_UT | 3;
	e->env_tf.tf_eflags = env_eflags;
	e->env_tf.tf_esp = USTACKTOP;

	*newenv_store = e;
	cprintf("[%08x] new env %08x\n", curenv ? curenv->env_id : 0,
	        e->env_id);
	return 0;
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

// Put the arguments of umain on top of the stack of the loaded program `e`: the
// strings, then argv[] ended by NULL, then argv and argc where tf_esp points.
// Above all lie 32 zero bytes, so that a backtrace that prints five arguments
// of the outermost frame stays on the page.
//
// Needs:    the program's stack page is mapped and the arguments fit in it;
//           panics otherwise.
void
env_push_args(struct Env *e, int argc, const char *const *argv)
{
	const uintptr_t page = USTACKTOP - PGSIZE;
	struct PageInfo *pp = page_lookup(e->env_pgdir, (void *)page, NULL);
	uint32_t used = 32, words = argc + 3;
	uint8_t *kva;
	uint32_t *vec;

	if (!pp)
		panic("environment %08x has no stack page at %08x", e->env_id,
		      (uint32_t)page);
	for (int i = 0; i < argc; i++)
		used += strlen(argv[i]) + 1;
	used = ROUNDUP(used, 16) + ROUNDUP(words * 4, 16);
	if (used > PGSIZE / 2)
		panic("the program's arguments do not fit its stack page");

	kva = page2kva(pp);
	vec = (uint32_t *)(kva + PGSIZE - used);
	e->env_tf.tf_esp = USTACKTOP - used;
	vec[0] = argc;
	vec[1] = e->env_tf.tf_esp + 8;
	used = 32;
	for (int i = 0; i < argc; i++) {
		used += strlen(argv[i]) + 1;
		strcpy((char *)kva + PGSIZE - used, argv[i]);
		vec[2 + i] = USTACKTOP - used;
	}
	vec[2 + argc] = 0;
}

// Unmap everything below UTOP in `e`'s address space and free the page tables.
void
env_free_user_memory(struct Env *e)
{
	// Most of the entries of the directory and of the tables are 0.
	for (uint32_t dir = 0; dir < PDX(UTOP); dir++) {
		pde_t pde;
		pte_t *pt;

		dir += scan_words(e->env_pgdir + dir, PDX(UTOP) - dir);
		pde = dir < PDX(UTOP) ? e->env_pgdir[dir] : 0;
		if (!(pde & PTE_P))
			continue;
		pt = KADDR(PTE_ADDR(pde));
		for (uint32_t i = 0; i < NPTENTRIES; i++) {
			i += scan_words(pt + i, NPTENTRIES - i);
			if (i < NPTENTRIES && (pt[i] & PTE_P))
				page_remove(e->env_pgdir, PGADDR(dir, i, 0));
		}
		e->env_pgdir[dir] = 0;
		page_decref(pa2page(PTE_ADDR(pde)));
	}
}

// Give back all that `e` uses: its memory, its page directory, its slot. Its
// env_id stays, so that the slot's next tenant gets another.
void
env_free(struct Env *e)
{
	struct PageInfo *pgdir_page = pa2page(PADDR(e->env_pgdir));

	// The directory must not be in use while it is freed.
	if (e == curenv)
		lcr3(PADDR(kern_pgdir));
	cprintf("[%08x] free env %08x\n", curenv ? curenv->env_id : 0,
	        e->env_id);

	envlist_remove(e);
	ipc_refuse_senders(e);
	env_free_user_memory(e);
	e->env_pgdir = NULL;
	page_decref(pgdir_page);

	e->env_status = ENV_FREE;
	e->env_link = env_free_list;
	env_free_list = e;
}

// End environment `e`. If it is the current one, this does not return: another
// goes on, or where there can be no other, the monitor takes over. An
// environment that another CPU runs is freed when that CPU comes into the
// kernel, which it is made to do.
void
env_destroy(struct Env *e)
{
	if (multitasking && e != curenv && env_on_cpu(e)) {
		e->env_status = ENV_DYING;
		sched_interrupt(e);
		return;
	}
	env_free(e);
	if (multitasking && e != curenv)
		return;
	if (e == curenv)
		curenv = NULL;
	if (multitasking)
		sched_yield();
	cprintf("Destroyed the only environment - nothing more to do!\n");
	while (1)
		monitor(NULL);
}

// Leave the kernel: load the registers in `tf` and go on in user mode where it
// says.
//
// Source:   Intel SDM vol. 2, "IRET/IRETD", "POPA/POPAD".
void
env_pop_tf(struct Trapframe *tf)
{
	kernel_passage(TO_USER);
	// tf_trapno and tf_err lie between the segments and what iret pops.
	__asm__ volatile("movl %0, %%esp\n\t"
	                 "popal\n\t"
	                 "popl %%es\n\t"
	                 "popl %%ds\n\t"
	                 "addl $8, %%esp\n\t"
	                 "iret"
	                 :
	                 : "r"(tf)
	                 : "memory");
	__builtin_unreachable();
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
