// IPC: messages whose receiver is not waiting yet.
//
// A receiver is blocked until another environment sends. A sender may be
// blocked too (sys_ipc_send), until the receiver is ready: it is then in the
// receiver's list env_senders, and its message is in its own env_send_*. A
// blocked environment is ENV_NOT_RUNNABLE.

#include <inc/error.h>
#include <inc/memlayout.h>

#include <kern/env.h>
#include <kern/ipc.h>
#include <kern/pmap.h>
#include <kern/runq.h>
#include <kern/sched.h>
#include <kern/syscall.h>

// Like sys_ipc_try_send from the current environment, but if the receiver is
// not waiting for a message yet, block until it takes this one.
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
	// A word alone is never refused, only delayed.
	if (to->env_ipc_recving || to == from || srcva < UTOP) {
		r = sys_ipc_try_send(envid, value, srcva, perm);
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

// Complete the sys_ipc_send that `from` is blocked in: send to `to`, the
// current environment. During the call, `from` is the current environment.
//
// Returns:  as sys_ipc_try_send does.
static int
ipc_deliver(struct Env *from, struct Env *to)
{
	int r;

	curenv = from;
	r = sys_ipc_try_send(to->env_id, from->env_send_value,
	                     from->env_send_srcva, from->env_send_perm);
	curenv = to;
	return r;
}

// The current environment `to` waits for a message: deliver that of the first
// blocked sender. If it is refused, that sender gets the error, and the next
// one is tried.
void
ipc_next_sender(struct Env *to)
{
	struct Env *from;

	while (to->env_ipc_recving && (from = to->env_senders.first)) {
		envlist_remove(from);
		from->env_tf.tf_regs.reg_eax = ipc_deliver(from, to);
		env_wake(from);
	}
}

// Environment `to` ends: resume its blocked senders with -E_BAD_ENV.
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
