// The system calls that are given. Their arguments come from a program and may
// be anything.

#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/syscall.h>

#include <kern/console.h>
#include <kern/env.h>
#include <kern/pmap.h>
#include <kern/sched.h>
#include <kern/syscall.h>

// Print the `len` characters at `s`. The environment is destroyed if it may not
// read them all; then none is printed.
void
sys_cputs(const char *s, size_t len)
{
	user_mem_assert(curenv, s, len, 0);
	for (size_t i = 0; i < len; i++)
		cputchar(s[i]);
}

// Returns:  the next character typed, or 0 if there is none. Does not block.
int
sys_cgetc(void)
{
	return cons_getc();
}

// Destroy environment `envid`: the caller (0 or its id) or a child of it.
//
// Returns:  0, or -E_BAD_ENV if there is no such environment or the caller may
//           not destroy it.
int
sys_env_destroy(envid_t envid)
{
	struct Env *e;
	int r = envid2env(envid, &e, true);

	if (r < 0)
		return r;
	if (e == curenv)
		cprintf("[%08x] exiting gracefully\n", curenv->env_id);
	else
		cprintf("[%08x] destroying %08x\n", curenv->env_id, e->env_id);
	env_destroy(e);
	return 0;
}

// The flags that a program may set for another. Not FL_TF: single-stepping is
// the monitor's.
#define FLAGS_FREE (FL_CF | FL_PF | FL_AF | FL_ZF | FL_SF | FL_DF | FL_OF)

// Load the registers of environment `envid`, the caller itself or a child of
// it, from the struct Trapframe at `va`; it resumes with them. They give it no
// privilege: the segments become the user's, and of eflags only the results of
// arithmetic and FL_DF are taken; interrupts are on as in every environment
// (env_eflags), and all else is 0.
//
// If it was blocked in IPC, the call is cancelled and leaves eax alone. Its
// status stays as it is.
//
// user_mem_assert destroys the caller if it may not read the structure, unless
// -E_BAD_ENV is returned.
//
// Returns:  0; nothing to a caller that set its own registers; or, when nothing
//           has changed,
//           -E_BAD_ENV if there is no such environment, or the caller may not
//           change it;
//           -E_INVAL if another CPU runs it, and would overwrite these
//           registers with its own. Made ENV_NOT_RUNNABLE, it soon stops.
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
	// The return value goes into the caller's eax.
	return e == curenv ? (int)tf->tf_regs.reg_eax : 0;
}

// Dispatch the multitasking system calls: number and arguments are in `regs`,
// and the result goes into its eax (-E_INVAL for an unknown number). A call
// that blocks makes the caller ENV_NOT_RUNNABLE; it resumes with that result,
// or with one stored there in between.
void
syscall_multitasking(struct PushRegs *regs)
{
	int32_t r;

	switch (regs->reg_eax) {
	case SYS_page_alloc:
		r = sys_page_alloc(regs->reg_edx, regs->reg_ecx, regs->reg_ebx);
		break;
	case SYS_page_map:
		r = sys_page_map(regs->reg_edx, regs->reg_ecx, regs->reg_ebx,
		                 regs->reg_edi, regs->reg_esi);
		break;
	case SYS_page_unmap:
		r = sys_page_unmap(regs->reg_edx, regs->reg_ecx);
		break;
	case SYS_exofork:
		r = sys_exofork();
		break;
	case SYS_env_set_status:
		r = sys_env_set_status(regs->reg_edx, regs->reg_ecx);
		break;
	case SYS_env_set_trapframe:
		r = sys_env_set_trapframe(regs->reg_edx, regs->reg_ecx);
		break;
	case SYS_env_set_pgfault_upcall:
		r = sys_env_set_pgfault_upcall(regs->reg_edx, regs->reg_ecx);
		break;
	case SYS_yield:
		regs->reg_eax = 0;
		sched_yield();
	case SYS_ipc_try_send:
		r = sys_ipc_try_send(regs->reg_edx, regs->reg_ecx,
		                     regs->reg_ebx, regs->reg_edi);
		break;
	case SYS_ipc_send:
		r = sys_ipc_send(regs->reg_edx, regs->reg_ecx, regs->reg_ebx,
		                 regs->reg_edi);
		break;
	case SYS_ipc_recv:
		r = sys_ipc_recv(regs->reg_edx);
		break;
	case SYS_env_set_tickets:
		r = sys_env_set_tickets(regs->reg_edx, regs->reg_ecx);
		break;
	default:
		r = -E_INVAL;
	}
	regs->reg_eax = r;
}
