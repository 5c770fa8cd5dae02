// Where a program resumes after a page fault that it handles itself.

#include <inc/assert.h>

	.text
	.globl	_pgfault_upcall
	.type	_pgfault_upcall, @function

// The kernel has left a struct UTrapframe (inc/trap.h) where the stack pointer
// points, on the exception stack, and one free word above it if the fault was
// on the exception stack too.
//
// Call the function in _pgfault_handler, whose argument is the address of the
// struct UTrapframe, with the direction flag clear, as C code expects. When it
// returns, go on where the fault was: with all general registers, eip, eflags
// and esp from the struct, in which the handler may have changed them. The
// program must not notice that it was interrupted: only the word below its
// stack pointer (utf_esp) may be used, which on the exception stack is the free
// word.
//
// Source: Intel SDM vol. 2, "POP", "POPA/POPAD", "POPF/POPFD", "RET".
_pgfault_upcall:
	// @solution lab4.pgfault_upcall
	cld
	pushl	%esp
	call	*_pgfault_handler
	addl	$4, %esp

	// Put the address to resume at in the word below the program's stack,
	// while there are registers to do it with; ret takes it from there.
	movl	48(%esp), %eax		// utf_esp
	movl	40(%esp), %edx		// utf_eip
	subl	$4, %eax
	movl	%edx, (%eax)
	movl	%eax, 48(%esp)

	// Nothing below changes a register or a flag that has its value again.
	addl	$8, %esp		// utf_fault_va, utf_err
	popal
	leal	4(%esp), %esp		// utf_eip
	popfl
	popl	%esp
	ret
	// @stub // Exercise lab4.pgfault_upcall: your code here.
	// @stub TODO("lab4.pgfault_upcall")
	// @end lab4.pgfault_upcall
	.size	_pgfault_upcall, . - _pgfault_upcall

	.section .note.GNU-stack, "", @progbits
