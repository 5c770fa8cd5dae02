// The boot sector, first half: from the BIOS's real mode to 32-bit C code.
//
// The BIOS loads the first sector of the disk at physical address 0x7c00 and
// jumps there with the processor in 16-bit real mode. Three things stand
// between that and C: the A20 gate, a descriptor table, and the mode switch.
// bootmain() in boot/main.c then loads the kernel.
//
// All of this and main.c must fit in 510 bytes (boot/sign.pl checks), which is
// why what compiles badly is here and not there.

#include <inc/memlayout.h>
#include <inc/mmu.h>

// The keyboard controller, one of whose output pins has switched address line
// 20 since the PC AT, and the port of later chip sets that does the same.
#define KBC_DATA         0x60
#define KBC_STATUS       0x64
#define KBC_COMMAND      0x64
#define KBC_INPUT_FULL   0x02 // in KBC_STATUS: our last byte is still there
#define KBC_WRITE_OUTPUT 0xd1 // command: the next data byte sets the pins
#define KBC_A20_ON       0xdf // A20 on, and the pin that resets the PC high
#define CONTROL_A        0x92
#define CONTROL_A_A20    0x02
#define CONTROL_A_RESET  0x01 // writing 1 resets the PC

// BIOS service 0x14, function 0: set up a serial port.
#define SERIAL_9600_8N1 0xe3

// The first serial port, and the bottom line of the screen, which in colour
// text mode is an array of characters with their colours.
#define COM1             0x3f8
#define COM1_STATUS      0x3fd
#define COM1_SENDER_IDLE 0x20
#define BOTTOM_LINE      (0xb8000 + 24 * 80 * 2)
#define WHITE_ON_RED     0x4f

// Memory that is free on every PC: bootmain's buffer.
#define BUFFER 0x10000

// The 16-bit code has a section of its own, so that a disassembler can be told
// where 16-bit code ends (boot/boot.ld).
	.section .text16, "ax", @progbits
	.code16

	.globl start
	.type start, @function
start:
	// The BIOS leaves the segment registers as it likes. The processor
	// holds interrupts off for one instruction after %ss is loaded, so none
	// can come between that and the stack pointer. The stack grows down
	// from this code.
	xorw	%ax, %ax
	movw	%ax, %ds
	movw	%ax, %ss
	movl	$start, %esp

	// Error messages go to the screen and to COM1, which the BIOS knows how
	// to set up.
	movb	$SERIAL_9600_8N1, %al
	cwtd				// %ax is positive, so %dx = 0: COM1
	int	$0x14

	// No interrupt can be handled until the kernel has its own handlers:
	// the BIOS's need real mode.
	cli
	cld

	// A20. For the sake of 8086 programs a PC may start with address line
	// 20 held at 0, which folds every odd megabyte onto the even one below
	// it, and the kernel goes to 1 MiB. No method works on every PC, and
	// one that a PC lacks does no harm, so both common ones are used.
	call	kbc_wait
	movb	$KBC_WRITE_OUTPUT, %al
	outb	%al, $KBC_COMMAND
	call	kbc_wait
	movb	$KBC_A20_ON, %al
	outb	%al, $KBC_DATA

	inb	$CONTROL_A, %al
	orb	$CONTROL_A_A20, %al
	andb	$~CONTROL_A_RESET, %al
	outb	%al, $CONTROL_A

	// Protected mode: a descriptor table, CR0.PE, and at once a far jump,
	// which loads %cs from the table and discards what the processor has
	// already decoded as 16-bit code.
	// Source: Intel SDM vol. 3A, "Switching to Protected Mode".
	lgdt	gdt_desc
	movl	%cr0, %eax
	orb	$CR0_PE, %al
	movl	%eax, %cr0
	ljmp	$GD_KT, $protected
	.size start, . - start

// Wait until the keyboard controller has taken our last byte. A PC without the
// controller shows it full for ever: give up after 65536 reads, some 65 ms.
	.type kbc_wait, @function
kbc_wait:
	xorw	%cx, %cx
0:	inb	$KBC_STATUS, %al
	testb	$KBC_INPUT_FULL, %al
	loopnz	0b
	ret
	.size kbc_wait, . - kbc_wait

	.text
	.code32

	.type protected, @function
protected:
	movw	$GD_KD, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	xorl	%ebp, %ebp		// a debugger's backtrace ends here
	movl	$BUFFER, %eax		// its argument
	call	bootmain		// does not return
	.size protected, . - protected

// Show the string at %eax on the screen and on COM1, and stop. The wait for the
// serial port is bounded (%edi happens to be a fitting count), in case there is
// one that never gets rid of a character.
	.globl die
	.type die, @function
die:
	movl	%eax, %esi
	movl	$BOTTOM_LINE, %edi
0:	lodsb
	testb	%al, %al
	jz	2f
	movb	$WHITE_ON_RED, %ah
	stosw
	movw	$COM1, %dx
	outb	%al, %dx
	movb	$(COM1_STATUS & 0xff), %dl
	movl	%edi, %ecx
1:	inb	%dx, %al
	testb	$COM1_SENDER_IDLE, %al
	loopz	1b
	jmp	0b
2:	hlt
	jmp	2b
	.size die, . - die

// Both segments span all 4 GiB from 0, so that an offset is an address; they
// have the kernel's selectors. The processor never reads descriptor 0, and its
// 8 bytes are room for the operand of lgdt.
// Source: Intel SDM vol. 3A, "Segment Descriptor Tables".
	.section .rodata
	.type gdt, @object
gdt:
gdt_desc:
	.word	gdt_end - gdt - 1
	.long	gdt
	.word	0
	SEG	(STA_X|STA_R), 0, 0xffffffff	// GD_KT
	SEG	STA_W, 0, 0xffffffff		// GD_KD
gdt_end:
	.size gdt, . - gdt

	.section .note.GNU-stack, "", @progbits
