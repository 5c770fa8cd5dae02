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

// Returns:  the next character typed, or 0 when there is none. Does not wait.
int
sys_cgetc(void)
{
	return cons_getc();
}

// End environment `envid`, the caller itself (0 or its id) or a child of it.
//
// Returns:  0, or -E_BAD_ENV when there is no such environment or it is not the
//           caller's to end.
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

// Carry out one of the system calls that only several environments need, with
// number and arguments in `regs`, and leave the result in its eax: -E_INVAL
// when there is none of that number. One that makes the caller wait leaves it
// ENV_NOT_RUNNABLE; it goes on with that result, or with what is put there
// meanwhile.
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
