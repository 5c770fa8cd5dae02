// The kernel's first instructions, from the boot loader to C.
//
// The kernel is linked at KERNBASE + 1 MiB but loaded at 1 MiB, and the boot
// loader, ours or a Multiboot one, enters it in 32-bit protected mode with flat
// segments, interrupts off and paging off. Until paging is on, the code below
// runs at other addresses than those it is linked at: it may jump only to
// places relative to itself and must name memory through PHYS().

#include <inc/memlayout.h>
#include <inc/mmu.h>

#define PHYS(symbol) ((symbol) - KERNBASE)

// Source: "Multiboot Specification version 0.6.96", "OS image format".
#define MULTIBOOT_MAGIC       0x1BADB002
#define MULTIBOOT_WANT_MEMORY 0x00000002 // tell how much memory there is
#define MULTIBOOT_FLAGS       MULTIBOOT_WANT_MEMORY

// The linker script puts this section first. The entry point proper is the
// symbol _start, which it defines as the physical address of `entry`.
	.section .text.entry, "ax", @progbits

// By this a Multiboot boot loader knows that it may load this file.
	.balign 4
	.globl multiboot_header
	.type multiboot_header, @object
multiboot_header:
	.long	MULTIBOOT_MAGIC
	.long	MULTIBOOT_FLAGS
	.long	-(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)	// the sum is zero
	.size multiboot_header, . - multiboot_header

	.globl entry
	.type entry, @function
entry:
	// A Multiboot boot loader says here who it is and what it knows.
	movl	%eax, PHYS(multiboot_magic)
	movl	%ebx, PHYS(multiboot_info)

	// Paging. The directory must be there, and 4 MiB pages allowed, before
	// CR0.PG is set. CR0.WP makes read-only pages read-only for the kernel
	// too, which copy-on-write and the checks of user pointers count on.
	// Source: Intel SDM vol. 3A, "Paging Modes and Control Bits", "Enabling
	// and changing paging modes"; "32-Bit Paging".
	movl	$PHYS(entry_pgdir), %eax
	movl	%eax, %cr3
	movl	%cr4, %eax
	orl	$CR4_PSE, %eax
	movl	%eax, %cr4
	movl	%cr0, %eax
	orl	$(CR0_PE | CR0_WP | CR0_PG), %eax
	movl	%eax, %cr0

	// Still at the low address, which entry_pgdir maps as well. A call or
	// jump relative to %eip would stay there: jump through a register.
	movl	$1f, %eax
	jmp	*%eax
1:
	// C code assumes a clear direction flag. Frame pointer 0 marks the
	// outermost frame: backtraces end there. Above it some words stay
	// empty, for a backtrace prints five words of arguments of each frame.
	cld
	xorl	%ebp, %ebp
	movl	$bootstacktop - 32, %esp
	call	i386_init

	// i386_init does not return; if it does, there is nothing left to do.
2:	cli
	hlt
	jmp	2b
	.size entry, . - entry

// The page directory until mem_init() has made the kernel's own: all physical
// memory that the kernel can use, from KERNBASE up, and the first 4 MiB at its
// own address for the instructions above. One entry maps one 4 MiB page.
// Source: Intel SDM vol. 3A, "32-Bit Paging", "Format of a 32-bit
// Page-Directory Entry that Maps a 4-MByte Page".
#define LARGE_PAGE (PTE_P | PTE_W | PTE_PS)

	.section .data.page, "aw", @progbits
	.balign PGSIZE
	.globl entry_pgdir
	.type entry_pgdir, @object
entry_pgdir:
	.long	LARGE_PAGE
	.fill	(KERNBASE >> PDXSHIFT) - 1, 4, 0
	.set	.Lpa, 0
	.rept	MAXPHYSMEM / PTSIZE
	.long	.Lpa + LARGE_PAGE
	.set	.Lpa, .Lpa + PTSIZE
	.endr
	.org	entry_pgdir + PGSIZE
	.size entry_pgdir, . - entry_pgdir

// What the boot loader left in %eax and %ebx: a magic number and the physical
// address of its information, if it was a Multiboot boot loader. Not in .bss:
// they are written before anything could rely on that.
	.data
	.balign 4
	.globl multiboot_magic, multiboot_info
	.type multiboot_magic, @object
multiboot_magic:
	.long	0
	.size multiboot_magic, . - multiboot_magic
	.type multiboot_info, @object
multiboot_info:
	.long	0
	.size multiboot_info, . - multiboot_info

// The stack of the boot CPU. mem_init() maps it a second time, below KSTACKTOP.
	.bss
	.balign PGSIZE
	.globl bootstack, bootstacktop
	.type bootstack, @object
bootstack:
	.skip	KSTKSIZE
	.size bootstack, . - bootstack
bootstacktop:

	.section .note.GNU-stack, "", @progbits
