// The table of environments: finding, allocating and destroying them.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/env.h>
#include <kern/ipc.h>
#include <kern/monitor.h>
#include <kern/pmap.h>
#include <kern/runq.h>
#include <kern/sched.h>

struct Env *envs;
struct Env *curenv;
struct Env *env_free_list;
uint32_t env_eflags;

// The first bad address that the last failed user_mem_check found.
uintptr_t user_mem_check_addr;

// The generation part of an envid_t counts from here up.
#define ENVGENSHIFT 12

// As envid2env, for an `envid` that is not 0.
int
envid_lookup(envid_t envid, struct Env **env_store, bool checkperm)
{
	struct Env *e = &envs[ENVX(envid)];

	*env_store = NULL;
	// A free slot keeps its old id; its next environment gets another.
	if (e->env_status == ENV_FREE || e->env_status == ENV_DYING ||
	    e->env_id != envid)
		return -E_BAD_ENV;
	if (checkperm && e != curenv && e->env_parent_id != curenv->env_id)
		return -E_BAD_ENV;
	*env_store = e;
	return 0;
}

// The next id of `e`'s slot: one generation later, and positive.
static envid_t
next_envid(const struct Env *e)
{
	const uint32_t step = 1 << ENVGENSHIFT;
	uint32_t generation = ((uint32_t)e->env_id + step) & ~(NENV - 1);

	if ((int32_t)generation <= 0)
		generation = step;
	return generation | (e - envs);
}

// Allocate a new environment: runnable, its registers set for user mode, its
// address space empty. The caller loads a program, which gives the entry point.
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
	// Do not leak the registers of the slot's last environment.
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

// Unmap everything below UTOP in `e`'s address space and free the page tables.
void
env_free_user_memory(struct Env *e)
{
	// Most entries of the directory and of the tables are 0.
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

// Free everything `e` uses: its memory, its page directory, its slot. Its
// env_id stays, so that the slot's next environment gets another.
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

// Destroy environment `e`. If it is the current one, this does not return: the
// scheduler runs another, or if there can be none, the monitor starts. An
// environment that another CPU runs is freed when that CPU enters the kernel;
// an IPI makes it do so soon.
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

// user_mem_check has failed for `env`: destroy it. Does not return if `env` is
// the current environment.
void
user_mem_refuse(struct Env *env)
{
	cprintf("[%08x] user_mem_check assertion failure for va %08x\n",
	        env->env_id, (uint32_t)user_mem_check_addr);
	env_destroy(env);
}
