// System calls: from the number to the function.

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

// Carry out system call `syscallno` of inc/syscall.def with arguments a1 to a5,
// of which each call uses as many as its function (kern/syscall.h) takes.
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
