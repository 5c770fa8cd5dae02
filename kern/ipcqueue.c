// Messages whose receiver is not waiting yet.
//
// An environment that receives is blocked until another one sends. One that
// sends may be blocked too (sys_ipc_send), until the receiver is ready: then it
// is in the receiver's list env_senders, and what it sends is in its
// env_send_*. A blocked environment is ENV_NOT_RUNNABLE.

#include <inc/error.h>
#include <inc/memlayout.h>

#include <kern/env.h>
#include <kern/ipc.h>
#include <kern/pmap.h>
#include <kern/runq.h>
#include <kern/sched.h>
#include <kern/syscall.h>

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

// Do for `from`, which has been blocked in sys_ipc_send, what it wanted: send
// to `to`, the current environment. For that time the sender is the current
// one.
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

// The current environment `to` waits for a message: let the first of those that
// wait to send it one do so. One whose message is refused is told, and the next
// gets its turn.
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
