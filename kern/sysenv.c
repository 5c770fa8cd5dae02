// System calls for environments: making children, and saying when they run.
//
// The arguments come from a program and may be anything. Each call checks all
// of them before it changes anything. When several errors apply, which of them
// is returned is left open.

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

// The flags that a program may choose for another. Not FL_TF: single steps are
// the monitor's.
#define FLAGS_FREE (FL_CF | FL_PF | FL_AF | FL_ZF | FL_SF | FL_DF | FL_OF)

// Give environment `envid`, the caller itself or a child of it, the registers
// in the struct Trapframe at `va`, with which it goes on when it runs next. No
// registers give it more than a program may have: the segments become the
// user's, and of eflags only the results of arithmetic and FL_DF are taken;
// interrupts are on as in every environment (env_eflags), and all else is 0.
//
// One that waits, for a message or to send one, waits no longer: no result is
// put in its eax. Its status stays as it is.
//
// The caller is destroyed by user_mem_assert when it may not read the
// structure, unless -E_BAD_ENV is returned.
//
// Returns:  0; to the caller itself, if they are its own registers, nothing;
//           or, when nothing has changed,
//           -E_BAD_ENV when there is no such environment, or it is not the
//           caller's to change;
//           -E_INVAL when another CPU runs it, which would put its own
//           registers in place of these. Made ENV_NOT_RUNNABLE, it is soon
//           stopped.
int
sys_env_set_trapframe(envid_t envid, uintptr_t va)
{
	const struct Trapframe *tf = (const struct Trapframe *)va;
	struct Env *e;
	int r = envid2env(envid, &e, true);

	if (r < 0)
		return r;
	user_mem_assert(curenv, tf, sizeof(*tf), 0);
	if (e != curenv && env_on_cpu(e))
		return -E_INVAL;
	env_stop_waiting(e);
	e->env_tf = *tf;
	e->env_tf.tf_es = GD_UD | 3;
	e->env_tf.tf_ds = GD_UD | 3;
	e->env_tf.tf_ss = GD_UD | 3;
	e->env_tf.tf_cs = GD_UT | 3;
	e->env_tf.tf_eflags = (tf->tf_eflags & FLAGS_FREE) | env_eflags;
	// What is returned is put in the caller's eax.
	return e == curenv ? (int)tf->tf_regs.reg_eax : 0;
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
