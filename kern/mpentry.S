// Start-up code of the other CPUs: from real mode to mp_main (kern/cpu.c).
//
// A CPU starts in real mode, at the page whose number the start-up IPI carries.
// So mp_start copies the code from mpentry_start up to mpentry_end to
// MPENTRY_PADDR. It runs there until it jumps to its linked address. HERE() is
// a label's address in the copy. Only one CPU runs this at a time.
//
// Source: Intel SDM vol. 3A, "Switching to Protected Mode", "MP Initialization
// Protocol Algorithm for MP Systems".

#include <inc/memlayout.h>
#include <inc/mmu.h>

#define HERE(label) ((label) - mpentry_start + MPENTRY_PADDR)

	.section .text.mpentry, "ax", @progbits
	.code16

	.globl mpentry_start, mpentry_end
	.type mpentry_start, @function
mpentry_start:
	cli
	cld
	xorw	%ax, %ax
	movw	%ax, %ds
	lgdtl	HERE(gdt_desc)
	movl	%cr0, %eax
	orl	$CR0_PE, %eax
	movl	%eax, %cr0
	ljmpl	$GD_KT, $HERE(protected)
	.size mpentry_start, . - mpentry_start

	.code32
	.type protected, @function
protected:
	movw	$GD_KD, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss

	// Paging as in kern/entry.S: its directory also maps this code at the
	// address it runs at.
	movl	$(entry_pgdir - KERNBASE), %eax
	movl	%eax, %cr3
	movl	%cr4, %eax
	orl	$CR4_PSE, %eax
	movl	%eax, %cr4
	movl	%cr0, %eax
	orl	$(CR0_PE | CR0_WP | CR0_PG), %eax
	movl	%eax, %cr0
	movl	$linked, %eax
	jmp	*%eax

	.balign 8
gdt:
	SEG_NULL
	SEG	STA_X|STA_R, 0, 0xffffffff
	SEG	STA_W, 0, 0xffffffff
gdt_desc:
	.word	gdt_desc - gdt - 1
	.long	HERE(gdt)
mpentry_end:

	// Now at the linked address. Only the kernel's own page directory maps
	// the stack.
linked:
	movl	mpentry_cr3, %eax
	movl	%eax, %cr3
	// Claim the stack atomically. If there is none, it is too late: the
	// boot CPU no longer waits for this one.
	xorl	%esp, %esp
	xchgl	%esp, mpentry_kstack
	testl	%esp, %esp
	jz	1f
	xorl	%ebp, %ebp
	call	mp_main
1:	hlt
	jmp	1b
	.size protected, . - protected

	.section .note.GNU-stack, "", @progbits
