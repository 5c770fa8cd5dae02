// Environments: what other systems call processes.
#ifndef JOS_INC_ENV_H
#define JOS_INC_ENV_H

#include <inc/memlayout.h>
#include <inc/trap.h>
#include <inc/types.h>

// An environment id (envid_t in inc/types.h):
//
//   | 0 | generation, 21 bits | index in envs[], 10 bits |
//
// The generation tells the environments apart that use the same slot one after
// the other, so that an old id does not name a new tenant. Ids are positive;
// 0 means "the current environment", negative values are errors.
#define LOG2NENV 10
#define NENV     (1 << LOG2NENV)
#define ENVX(id) ((id) & (NENV - 1))

enum EnvStatus {
	ENV_FREE = 0, // on env_free_list
	ENV_DYING,    // to be freed at its next trap
	ENV_RUNNABLE,
	ENV_RUNNING,
	ENV_NOT_RUNNABLE,
};

enum EnvType {
	ENV_TYPE_USER = 0,
	ENV_TYPE_FS,      // the file server
	ENV_TYPE_NS,      // the network server
	ENV_TYPE_KTHREAD, // a thread of the kernel
};

struct Env;

// A list of environments.
struct Envlist {
	struct Env *first, *last; // NULL when it is empty
};

struct Env {
	struct Trapframe env_tf; // its registers while it does not run
	struct Env *env_link;    // next free environment
	envid_t env_id;          // kept when freed, for the next generation
	envid_t env_parent_id;
	enum EnvType env_type;
	enum EnvStatus env_status;
	uint32_t env_runs; // times it was chosen to run

	pde_t *env_pgdir; // its page directory, a kernel address

	// From here on the kernel lock guards everything.
	int env_cpunum; // the CPU that runs it or ran it last

	// The list it is in, and its neighbours there (kern/runq.c).
	struct Envlist *env_list;
	struct Env *env_next, *env_prev;

	// Where it resumes after a page fault, with a struct UTrapframe on its
	// exception stack; 0: nowhere.
	uintptr_t env_pgfault_upcall;

	// A message: while env_ipc_recving, where a page may be mapped (from
	// UTOP on: none is wanted); afterwards, what came.
	bool env_ipc_recving;
	uintptr_t env_ipc_dstva;
	uint32_t env_ipc_value;
	envid_t env_ipc_from;
	int env_ipc_perm; // of the page that came; 0: none did

	// Environments blocked in sending to this one, and what this one is
	// about to send if it is blocked itself (kern/ipc.c).
	struct Envlist env_senders;
	uint32_t env_send_value;
	uintptr_t env_send_srcva;
	int env_send_perm;
};

_Static_assert(offsetof(struct Env, env_pgdir) == 92 &&
                       sizeof(struct Env) == 156,
               "read by the grader");
_Static_assert((NENV * sizeof(struct Env)) <= PTSIZE,
               "envs[] must fit its window at UENVS");

#endif
