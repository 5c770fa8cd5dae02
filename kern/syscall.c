// System calls. Their arguments come from a program and may be anything.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/memlayout.h>
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

// Returns:  the caller's environment id.
envid_t
sys_getenvid(void)
{
	return curenv->env_id;
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

// Carry out system call `syscallno` of inc/syscall.def with arguments a1 to a5,
// of which each call uses as many as its function above takes.
//
// Returns:  what that function returns; 0 for one that returns nothing;
//           -E_INVAL for every number that has no function here.
int32_t
syscall(uint32_t syscallno, uint32_t a1, uint32_t a2, uint32_t a3, uint32_t a4,
        uint32_t a5)
{
	// @solution lab3.syscall
	switch (syscallno) {
	case SYS_cputs:
		sys_cputs((const char *)(uintptr_t)a1, a2);
		return 0;
	case SYS_cgetc:
		return sys_cgetc();
	case SYS_getenvid:
		return sys_getenvid();
	case SYS_env_destroy:
		return sys_env_destroy(a1);
	default:
		return -E_INVAL;
	}
	// @end lab3.syscall
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
		r = sys_ipc_try_send(curenv, regs->reg_edx, regs->reg_ecx,
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
