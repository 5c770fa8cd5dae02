// The library operating system: what every user program is linked with.
#ifndef JOS_INC_LIB_H
#define JOS_INC_LIB_H

#include <inc/assert.h>
#include <inc/env.h>
#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/stdarg.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/syscall.h>
#include <inc/trap.h>
#include <inc/types.h>
#include <inc/x86.h>

// The program's own function, called by libmain. When it returns, the
// environment ends.
void umain(int argc, char **argv);

// lib/libmain.c
extern const char *binaryname;             // argv[0], for messages
extern const volatile struct Env *thisenv; // this environment in envs[]
void exit(void) __attribute__((noreturn));

// lib/entry.S: the kernel's tables, mapped read-only.
extern const volatile struct Env envs[NENV];
extern const volatile struct PageInfo pages[];

// lib/syscall.c: the system calls, with what each returns in kern/sys*.c.
void sys_cputs(const char *string, size_t len);
int sys_cgetc(void);
envid_t sys_getenvid(void);
int sys_env_destroy(envid_t envid);
int sys_page_alloc(envid_t env, void *va, int perm);
int sys_page_map(envid_t src_env, void *src_va, envid_t dst_env, void *dst_va,
                 int perm);
int sys_page_unmap(envid_t env, void *va);
int sys_env_set_status(envid_t env, enum EnvStatus status);
int sys_env_set_trapframe(envid_t env, const struct Trapframe *tf);
int sys_env_set_pgfault_upcall(envid_t env, void (*upcall)(void));
void sys_yield(void);
int sys_ipc_try_send(envid_t to_env, uint32_t value, void *pg, int perm);
int sys_ipc_send(envid_t to_env, uint32_t value, void *pg, int perm);
int sys_ipc_recv(void *dst_va);
int sys_env_set_tickets(envid_t env, uint32_t tickets);
int32_t sys_raw(uint32_t num, uint32_t a1, uint32_t a2, uint32_t a3,
                uint32_t a4, uint32_t a5);

// Make a child, as the kernel's sys_exofork does. Inline: the child resumes
// on a copy of the stack that is made later, when the frame of a function that
// has returned is gone.
static inline envid_t __attribute__((always_inline)) sys_exofork(void)
{
	envid_t child;

	__asm__ volatile("int %2"
	                 : "=a"(child)
	                 : "a"(SYS_exofork), "i"(T_SYSCALL)
	                 : "cc", "memory");
	return child;
}

// lib/pgfault.c
void set_pgfault_handler(void (*handler)(struct UTrapframe *utf));

// lib/fork.c
envid_t fork(void);
void cow_pgfault(struct UTrapframe *utf);

// lib/forkpages.c
int fork_pages(envid_t envid) __attribute__((noinline));
int duppage_copy(envid_t envid, uint32_t pn);

// lib/sfork.c
envid_t sfork(void);

// lib/ipc.c
int32_t ipc_recv(envid_t *from_env_store, void *pg, int *perm_store);
void ipc_send(envid_t to_env, uint32_t val, void *pg, int perm);

// lib/ipcfind.c
envid_t ipc_find_env(enum EnvType type);

// lib/wait.c
void wait(envid_t envid);

// lib/test.c: how test programs report; see there.
void test_start(int argc, char **argv);
void report(const char *name, uint32_t value);
void pass(void) __attribute__((noreturn));
void test_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((noreturn));
uint32_t test_random(void);
void test_must_be(const char *file, int line, const char *call, int seen,
                  int wanted, const char *rule);
#define fail(...) test_fail(__FILE__, __LINE__, __VA_ARGS__)

// lib/testenv.c: what the tests of system calls share; see there.
extern envid_t test_foreign;
void test_others(void);
void test_call(const char *file, int line, int seen, int wanted,
               const char *fmt, ...);
envid_t test_newborn(void);
void test_destroy(envid_t child);
void test_bad_ids(void (*try)(envid_t id, const char *why));
pte_t test_pte(uintptr_t va);
uint32_t test_refs(uintptr_t va);
uint32_t test_pages_used(void);
uint32_t test_envs_used(void);
void test_pages(const char *file, int line, uint32_t wanted, const char *when);
uint32_t test_fill(envid_t child, uintptr_t va);
uintptr_t test_region(uint32_t count);
// (The call comes first: the other arguments may say what it has left.)
#define expect_call(seen, wanted, ...)                                         \
	test_call(__FILE__, __LINE__, (seen), (wanted), __VA_ARGS__)
#define expect_pages(wanted, when)                                             \
	test_pages(__FILE__, __LINE__, (wanted), (when))

// lib/testchild.c: children for tests, without fork.
envid_t test_child(void (*fn)(void));
void test_child_share(envid_t child);
void test_child_run(envid_t child);
void test_child_wait(envid_t child);

// Fail unless `call` gives `wanted`, as `rule` says it does.
#define must_be(call, wanted, rule)                                            \
	test_must_be(__FILE__, __LINE__, #call, (call), (wanted), (rule))

// How often to look for what others do: seconds, whatever the machine.
#define TEST_PATIENCE 1000000

// Let others run until `condition` holds. Fail, with what follows as the
// message, when it never does.
#define wait_for(condition, ...)                                               \
	do {                                                                   \
		for (int n_ = 0; !(condition); n_++) {                         \
			if (n_ == TEST_PATIENCE)                               \
				fail(__VA_ARGS__);                             \
			cpu_pause();                                           \
			sys_yield();                                           \
		}                                                              \
	} while (0)

#endif
