// Where a program starts.

#include <inc/memlayout.h>

// The kernel's tables and this program's page tables, as C arrays.
	.globl	envs, pages, uvpt, uvpd
	.set	envs, UENVS
	.set	pages, UPAGES
	.set	uvpt, UVPT
	// The directory is the page table that maps UVPT.
	.set	uvpd, UVPT + (UVPT >> PGSHIFT) * 4

	.section .text.entry, "ax", @progbits
	.globl	_start
	.type	_start, @function
_start:
	// The kernel has put argc and argv on the stack, where a call leaves
	// its arguments. No frame is outside libmain's.
	xorl	%ebp, %ebp
	call	libmain
1:	jmp	1b
	.size	_start, . - _start
