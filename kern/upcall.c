// Page faults that programs handle themselves.

#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/trap.h>
#include <inc/x86.h>

#include <kern/env.h>
#include <kern/pmap.h>
#include <kern/trap.h>

// The current environment has caused the page fault `tf` (its own env_tf). If
// it has an upcall (env_pgfault_upcall is not 0), change `tf` so that it goes
// on there, with what it needs to handle the fault on its exception stack, the
// page below UXSTACKTOP.
//
// The stack pointer then points at a struct UTrapframe: the fault's address
// (rcr2) and error code, and the registers at the fault. It lies at the very
// top of the exception stack; but where the stack pointer was on the exception
// stack already, for the fault was in the upcall itself, it lies below, with
// one word left free between the stack pointer and it: the upcall needs that to
// return.
//
// The environment is destroyed by user_mem_assert when it may not write the
// frame and the free word, or not execute the upcall, be it that they are in
// the kernel or are not mapped. It is also destroyed, having printed the line
// that user_mem_assert prints, when the frame would lie below the exception
// stack's page, whether or not there is another page. It is the current one, so
// that the function does not return then.
//
// Returns:  whether it has an upcall. If not, nothing has changed.
bool
user_fault_upcall(struct Trapframe *tf)
{
	// @solution lab4.user_fault_upcall
	const uintptr_t bottom = UXSTACKTOP - PGSIZE;
	const bool nested = tf->tf_esp >= bottom && tf->tf_esp < UXSTACKTOP;
	const uintptr_t top = nested ? tf->tf_esp - 4 : UXSTACKTOP;
	struct UTrapframe *utf = (struct UTrapframe *)top - 1;

	if (!curenv->env_pgfault_upcall)
		return false;
	if ((uintptr_t)utf < bottom) {
		cprintf("[%08x] user_mem_check assertion failure for va %08x\n",
		        curenv->env_id, (uint32_t)(uintptr_t)utf);
		env_destroy(curenv);
	}
	user_mem_assert(curenv, utf, sizeof(*utf) + (nested ? 4 : 0), PTE_W);
	user_mem_assert(curenv, (void *)curenv->env_pgfault_upcall, 1, 0);

	utf->utf_fault_va = rcr2();
	utf->utf_err = tf->tf_err;
	utf->utf_regs = tf->tf_regs;
	utf->utf_eip = tf->tf_eip;
	utf->utf_eflags = tf->tf_eflags;
	utf->utf_esp = tf->tf_esp;
	tf->tf_esp = (uintptr_t)utf;
	tf->tf_eip = curenv->env_pgfault_upcall;
	return true;
	// @end lab4.user_fault_upcall
}
