// System calls for environments: create children and control when they run.
//
// The arguments come from a program and may be anything. Each call checks all
// of them before it changes anything. If several errors apply, any of them may
// be returned.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>

#include <kern/env.h>
#include <kern/pmap.h>
#include <kern/sched.h>
#include <kern/syscall.h>

// Make a new environment, a child of the caller. It has the caller's registers
// but no memory of its own, and does not run (ENV_NOT_RUNNABLE, see
// env_set_status) until its parent says so. When it does, it goes on from this
// same system call, with 0 as the result.
//
// Returns:  the child's id to the caller; or, when nothing has changed,
//           -E_NO_FREE_ENV or -E_NO_MEM, as env_alloc says.
envid_t
sys_exofork(void)
{
	// @solution lab4.sys_exofork
	struct Env *e;
	int r = env_alloc(&e, curenv->env_id);

	if (r < 0)
		return r;
	env_set_status(e, ENV_NOT_RUNNABLE);
	e->env_tf = curenv->env_tf;
	e->env_tf.tf_regs.reg_eax = 0;
	return e->env_id;
	// @end lab4.sys_exofork
}

// Let environment `envid`, the caller itself or a child of it, run
// (ENV_RUNNABLE), or let it not run (ENV_NOT_RUNNABLE). Only env_set_status
// changes a status, for it keeps the queue of the scheduler in step.
//
// Returns:  0; or, when nothing has changed,
//           -E_BAD_ENV when there is no such environment, or it is not the
//           caller's to change; -E_INVAL when `status` is neither of the two.
int
sys_env_set_status(envid_t envid, uint32_t status)
{
	// @solution lab4.sys_env_set_status
	struct Env *e;
	int r = envid2env(envid, &e, true);

	if (r < 0)
		return r;
	if (status != ENV_RUNNABLE && status != ENV_NOT_RUNNABLE)
		return -E_INVAL;
	env_set_status(e, status);
	return 0;
	// @end lab4.sys_env_set_status
}

// From now on, environment `envid`, the caller itself or a child of it, goes on
// at `func` when it causes a page fault (user_fault_upcall); with 0 it is
// destroyed again. `func` may be any address: what is wrong with it shows when
// it is used.
//
// Returns:  0, or -E_BAD_ENV when there is no such environment, or it is not
//           the caller's to change; then nothing has changed.
int
sys_env_set_pgfault_upcall(envid_t envid, uintptr_t func)
{
	// @solution lab4.sys_env_set_pgfault_upcall
	struct Env *e;
	int r = envid2env(envid, &e, true);

	if (r < 0)
		return r;
	e->env_pgfault_upcall = func;
	return 0;
	// @end lab4.sys_env_set_pgfault_upcall
}
