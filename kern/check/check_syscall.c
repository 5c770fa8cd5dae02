// Check of system calls, called as trap_dispatch calls them.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/syscall.h>
#include <inc/x86.h>

#include <kern/check/check.h>
#include <kern/console.h>
#include <kern/env.h>
#include <kern/pmap.h>
#include <kern/syscall.h>

// The keyboard controller's ports, its command to make the next byte appear as
// if it came from the keyboard, and the scan code of the key A.
#define KBC_DATA    0x60
#define KBC_COMMAND 0x64
#define KBC_PRETEND 0xd2
#define SCAN_A      0x1e

// Never an environment's id: those are positive.
#define NO_ENV 0x80000001

// Press the key A.
static void
press(void)
{
	outb(KBC_COMMAND, KBC_PRETEND);
	outb(KBC_DATA, SCAN_A);
}

static void
expect(const char *what, int32_t seen, int32_t wanted)
{
	if (seen != wanted)
		panic("%s returned %d instead of %d", what, seen, wanted);
}

// Check the system calls as environment `e` would make them, with and without a
// character to read.
void
check_syscall(struct Env *e)
{
	checking("lab3.syscall");
	curenv = e;
	lcr3(PADDR(e->env_pgdir));
	expect("cgetc with nothing typed", syscall(SYS_cgetc, 0, 0, 0, 0, 0),
	       0);
	press();
	expect("cputs while a character waits",
	       syscall(SYS_cputs, 0, 0, 0, 0, 0), 0);
	expect("cgetc with \"a\" typed", syscall(SYS_cgetc, 0, 0, 0, 0, 0),
	       'a');
	expect("cgetc with all of it taken", syscall(SYS_cgetc, 0, 0, 0, 0, 0),
	       0);
	expect("getenvid", syscall(SYS_getenvid, 0, 0, 0, 0, 0), e->env_id);
	expect("env_destroy of no environment",
	       syscall(SYS_env_destroy, NO_ENV, 0, 0, 0, 0), -E_BAD_ENV);
	expect("an unknown system call", syscall(NSYSCALLS, 0, 0, 0, 0, 0),
	       -E_INVAL);
	expect("system call -1", syscall(-1, 0, 0, 0, 0, 0), -E_INVAL);
	lcr3(PADDR(kern_pgdir));
	curenv = NULL;
	checking(NULL);
	check_report("check_syscall", e->env_id);
}
