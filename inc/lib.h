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

// lib/syscall.c: the system calls, with what each returns in kern/syscall.c.
void sys_cputs(const char *string, size_t len);
int sys_cgetc(void);
envid_t sys_getenvid(void);
int sys_env_destroy(envid_t envid);
int32_t sys_raw(uint32_t num, uint32_t a1, uint32_t a2, uint32_t a3,
                uint32_t a4, uint32_t a5);

// lib/test.c: how test programs report; see there.
void test_start(int argc, char **argv);
void report(const char *name, uint32_t value);
void pass(void) __attribute__((noreturn));
void test_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((noreturn));
uint32_t test_random(void);
#define fail(...) test_fail(__FILE__, __LINE__, __VA_ARGS__)

#endif
