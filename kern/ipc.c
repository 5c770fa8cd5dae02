// Messages between environments: a word, and a page if both sides want that.
//
// An environment that receives waits until somebody sends. One that sends to
// another that does not receive yet may wait too (sys_ipc_send): it is in the
// other's list env_senders, and what it sends is in its env_send_*. What waits
// is ENV_NOT_RUNNABLE.

#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>

#include <kern/env.h>
#include <kern/ipc.h>
#include <kern/pmap.h>
#include <kern/runq.h>
#include <kern/sched.h>
#include <kern/syscall.h>

// Send `value` from environment `from` to environment `envid`, whoever that is,
// and with `srcva` below UTOP also the page that `from` has mapped there, to be
// mapped with permissions `perm` as sys_page_map would. Otherwise `srcva` and
// `perm` do not matter.
//
// The receiver, which waits with env_ipc_recving set, gets the page at its
// env_ipc_dstva if that lies below UTOP; if not, or if no page is sent, nothing
// is mapped, which is no error. Its env_ipc_recving is cleared, env_ipc_from
// becomes the sender's id, env_ipc_value the value, env_ipc_perm `perm` if a
// page was mapped and 0 if not; and it is ready to run (env_set_status).
//
// `from` is the current environment, or one that has waited until now.
//
// Returns:  0; or, when nothing has changed,
//           -E_BAD_ENV when there is no environment `envid`;
//           -E_INVAL when srcva < UTOP and srcva is not page-aligned, `perm`
//           lacks PTE_U or PTE_P or has a bit outside PTE_SYSCALL, `from` has
//           no page at srcva, or PTE_W is in `perm` but `from` may not write
//           the page;
//           -E_IPC_NOT_RECV when `envid` does not wait for a message, and none
//           of the above holds;
//           -E_NO_MEM when no page table could be had for mapping the page.
int
sys_ipc_try_send(struct Env *from, envid_t envid, uint32_t value,
                 uintptr_t srcva, int perm)
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
		pp = page_lookup(from->env_pgdir, (void *)srcva, &pte);
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
	to->env_ipc_from = from->env_id;
	to->env_ipc_value = value;
	to->env_ipc_perm = pp ? perm : 0;
	env_set_status(to, ENV_RUNNABLE);
	return 0;
	// @end lab4.sys_ipc_try_send
}

// Like sys_ipc_try_send from the current environment, but where the receiver
// does not wait for a message yet, wait until it does and takes this one.
//
// Returns:  as sys_ipc_try_send does, when the message is taken or refused;
//           -E_IPC_NOT_RECV only for a message to itself; -E_BAD_ENV also when
//           the receiver ends first.
int
sys_ipc_send(envid_t envid, uint32_t value, uintptr_t srcva, int perm)
{
	struct Env *to, *from = curenv;
	int r = envid2env(envid, &to, false);

	if (r < 0)
		return r;
	// A word alone is never refused, only kept waiting.
	if (to->env_ipc_recving || to == from || srcva < UTOP) {
		r = sys_ipc_try_send(from, envid, value, srcva, perm);
		if (r != -E_IPC_NOT_RECV || to == from)
			return r;
	}
	from->env_send_value = value;
	from->env_send_srcva = srcva;
	from->env_send_perm = perm;
	env_set_status(from, ENV_NOT_RUNNABLE);
	envlist_append(&to->env_senders, from);
	return 0;
}

// Environment `to` waits for a message: let the first of those that wait to
// send it one do so. One whose message is refused is told, and the next gets
// its turn.
void
ipc_next_sender(struct Env *to)
{
	struct Env *from;

	while (to->env_ipc_recving && (from = to->env_senders.first)) {
		envlist_remove(from);
		from->env_tf.tf_regs.reg_eax = sys_ipc_try_send(
			from, to->env_id, from->env_send_value,
			from->env_send_srcva, from->env_send_perm);
		env_wake(from);
	}
}

// Environment `to` ends: tell those that wait to send it a message.
void
ipc_refuse_senders(struct Env *to)
{
	struct Env *from;

	while ((from = to->env_senders.first)) {
		envlist_remove(from);
		from->env_tf.tf_regs.reg_eax = -E_BAD_ENV;
		env_wake(from);
	}
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
