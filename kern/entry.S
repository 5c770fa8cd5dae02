// The kernel's first instructions, from the boot loader to C.
//
// The kernel is linked at KERNBASE + 1 MiB but loaded at 1 MiB, and the boot
// loader, ours or a Multiboot one, enters it in 32-bit protected mode with flat
// segments, interrupts off and paging off. Until paging is on, the code below
// does not run at its link address: it may use only relative jumps and must
// address memory through PHYS().

#include <inc/memlayout.h>
#include <inc/mmu.h>

#define PHYS(symbol) ((symbol) - KERNBASE)

// Source: "Multiboot Specification version 0.6.96", "OS image format".
#define MULTIBOOT_MAGIC       0x1BADB002
#define MULTIBOOT_WANT_MEMORY 0x00000002 // pass the memory size
#define MULTIBOOT_FLAGS       MULTIBOOT_WANT_MEMORY

// The linker script puts this section first. The actual entry point is _start,
// which it defines as the physical address of `entry`.
	.section .text.entry, "ax", @progbits

// A Multiboot boot loader recognises the kernel by this header.
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
	// A Multiboot boot loader passes its magic and its information.
	movl	%eax, PHYS(multiboot_magic)
	movl	%ebx, PHYS(multiboot_info)

	// Turn on paging. The directory must be loaded and 4 MiB pages enabled
	// before CR0.PG is set. CR0.WP makes read-only pages read-only for the
	// kernel too; copy-on-write and user pointer checks need it.
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

	// Still at the low address, which entry_pgdir also maps. A relative
	// call or jump would stay there, so jump through a register.
	movl	$1f, %eax
	jmp	*%eax
1:
	// C code assumes a clear direction flag. Frame pointer 0 marks the
	// outermost frame: backtraces end there. The words above it stay free,
	// because a backtrace prints five argument words of each frame.
	cld
	xorl	%ebp, %ebp
	movl	$bootstacktop - 32, %esp
	call	i386_init

	// i386_init does not return; if it does, there is nothing left to do.
2:	cli
	hlt
	jmp	2b
	.size entry, . - entry

// The page directory until mem_init() builds the kernel's own. It maps all
// physical memory that the kernel can use at KERNBASE, and the first 4 MiB also
// at its own address, for the code above. Each entry maps one 4 MiB page.
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
