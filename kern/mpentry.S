// Where the other CPUs start: from real mode to mp_main (kern/cpu.c).
//
// A CPU wakes up in real mode at the page whose number came with the start-up
// message. mp_start copies the code from mpentry_start up to mpentry_end to
// MPENTRY_PADDR for that; it runs there until it jumps to where it is linked.
// HERE() gives the copy's address of a label. Only one CPU runs this at a time.
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

	// Paging as in kern/entry.S: its directory also maps the code here at
	// the address it runs at.
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

	// From here on where it is linked. The stack is in the kernel's own
	// page directory only.
linked:
	movl	mpentry_cr3, %eax
	movl	%eax, %cr3
	// The stack is taken once. Where there is none, it is too late: nobody
	// waits for this CPU any more.
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
