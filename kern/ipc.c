// IPC: messages of a word, and of a page if both sides want one.

#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>

#include <kern/env.h>
#include <kern/ipc.h>
#include <kern/pmap.h>
#include <kern/sched.h>
#include <kern/syscall.h>

// Send `value` from the current environment to environment `envid`, whoever
// that is, and with `srcva` below UTOP also the page that the sender has mapped
// there, to be mapped with permissions `perm` as sys_page_map would. Otherwise
// `srcva` and `perm` do not matter.
//
// The receiver, which waits with env_ipc_recving set, gets the page at its
// env_ipc_dstva if that lies below UTOP; if not, or if no page is sent, nothing
// is mapped, which is no error. Its env_ipc_recving is cleared, env_ipc_from
// becomes the sender's id, env_ipc_value the value, env_ipc_perm `perm` if a
// page was mapped and 0 if not; and it is ready to run (env_set_status).
//
// Returns:  0; or, when nothing has changed,
//           -E_BAD_ENV when there is no environment `envid`;
//           -E_INVAL when srcva < UTOP and srcva is not page-aligned, `perm`
//           lacks PTE_U or PTE_P or has a bit outside PTE_SYSCALL, the
//           sender has no page at srcva, or PTE_W is in `perm` but the
//           sender may not write the page;
//           -E_IPC_NOT_RECV when `envid` does not wait for a message, and none
//           of the above holds;
//           -E_NO_MEM when no page table could be had for mapping the page.
int
sys_ipc_try_send(envid_t envid, uint32_t value, uintptr_t srcva, int perm)
{
	// @solution lab4.sys_ipc_try_send
	const int needed = PTE_P | PTE_U;
	struct PageInfo *pp = NULL;
	struct Env *to;
	pte_t *pte;
	int r = envid2env(envid, &to, false);

	if (r < 0)
		return r;
	if (srcva < UTOP) {
		if (PGOFF(srcva) || (perm & needed) != needed ||
		    (perm & ~PTE_SYSCALL))
			return -E_INVAL;
		pp = page_lookup(curenv->env_pgdir, (void *)srcva, &pte);
		if (!pp || (perm & PTE_W & ~*pte))
			return -E_INVAL;
	}
	if (!to->env_ipc_recving)
		return -E_IPC_NOT_RECV;
	if (to->env_ipc_dstva >= UTOP)
		pp = NULL;
	if (pp) {
		r = page_insert(to->env_pgdir, pp, (void *)to->env_ipc_dstva,
		                perm);
		if (r < 0)
			return r;
	}
	to->env_ipc_recving = false;
	to->env_ipc_from = curenv->env_id;
	to->env_ipc_value = value;
	to->env_ipc_perm = pp ? perm : 0;
	env_set_status(to, ENV_RUNNABLE);
	return 0;
	// @end lab4.sys_ipc_try_send
}

// Wait for a message. With `dstva` below UTOP, a page that comes with it is to
// be mapped there; otherwise none is wanted.
//
// The current environment notes that it waits (env_ipc_recving) and where it
// wants the page (env_ipc_dstva). Then the first of those that already wait to
// send it something gets its turn (ipc_next_sender), so that it may go on at
// once. If no message has come by that, it stops running (env_set_status,
// ENV_NOT_RUNNABLE). What has come is in env_ipc_from, env_ipc_value and
// env_ipc_perm.
//
// Returns:  0, which the program gets when the message has come; -E_INVAL when
//           dstva < UTOP and is not page-aligned; then it does not wait.
int
sys_ipc_recv(uintptr_t dstva)
{
	// @solution lab4.sys_ipc_recv
	if (dstva < UTOP && PGOFF(dstva))
		return -E_INVAL;
	curenv->env_ipc_dstva = dstva;
	curenv->env_ipc_recving = true;
	ipc_next_sender(curenv);
	if (curenv->env_ipc_recving)
		env_set_status(curenv, ENV_NOT_RUNNABLE);
	return 0;
	// @end lab4.sys_ipc_recv
}
