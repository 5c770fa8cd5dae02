// Environments in the kernel.
#ifndef JOS_KERN_ENV_H
#define JOS_KERN_ENV_H

#include <inc/env.h>
#include <inc/types.h>

extern struct Env *envs; // all NENV of them
// The environment that this CPU runs, or that trapped last, or NULL. It belongs
// to the CPU that holds the kernel lock: lock_kernel loads it from that CPU's
// cpu_env, and unlock_kernel saves it there.
extern struct Env *curenv;
extern struct Env *env_free_list; // linked through env_link

// eflags of a new environment: FL_IF where a timer preempts it.
extern uint32_t env_eflags;

// kern/gdt.c
extern struct Segdesc gdt[];
void gdt_init(void);

// kern/elfcheck.c
const char *elf_check(const uint8_t *image, size_t size);

// kern/env.c, in the order of the file; the contracts are there.
void map_envs(void);
void env_init(void);
int env_setup_vm(struct Env *e);
void region_alloc(struct Env *e, void *va, size_t len);
void load_icode(struct Env *e, uint8_t *binary);
void env_create(uint8_t *binary, enum EnvType type);
void env_run(struct Env *e) __attribute__((noreturn));

// kern/envtable.c, likewise.
int envid_lookup(envid_t envid, struct Env **env_store, bool checkperm);
int env_alloc(struct Env **newenv_store, envid_t parent_id);
void env_free_user_memory(struct Env *e);
void env_free(struct Env *e);
void env_destroy(struct Env *e);

// kern/trapcore.c
void env_pop_tf(struct Trapframe *tf) __attribute__((noreturn));

// Find the environment that `envid` names; 0 names the current one. With
// `checkperm` set, the caller must have control over it: it must be the current
// environment or a child of it.
//
// Returns:  0 with the environment in *env_store, or -E_BAD_ENV with NULL
//           there.
static inline int
envid2env(envid_t envid, struct Env **env_store, bool checkperm)
{
	if (envid != 0)
		return envid_lookup(envid, env_store, checkperm);
	*env_store = curenv;
	return 0;
}

#endif
