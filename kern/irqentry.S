// Kernel entry points of device interrupts.

#include <kern/trapstub.h>

	.text
	.weak	_alltraps // undefined until lab 3 is done

// The entry points of the interrupts of the two interrupt controllers, one for
// each of the vectors IRQ_OFFSET to IRQ_OFFSET + 15; and the table of them,
// irq_entries, in read-only data: 16 words, of which word n is the address of
// the entry point of vector IRQ_OFFSET + n. irq_init (kern/irq.c) enters them
// in the IDT. No interrupt comes with an error code.
//
// @solution lab4.irq_entry
TRAPHANDLER_NOEC(irq_0, IRQ_OFFSET + 0)
TRAPHANDLER_NOEC(irq_1, IRQ_OFFSET + 1)
TRAPHANDLER_NOEC(irq_2, IRQ_OFFSET + 2)
TRAPHANDLER_NOEC(irq_3, IRQ_OFFSET + 3)
TRAPHANDLER_NOEC(irq_4, IRQ_OFFSET + 4)
TRAPHANDLER_NOEC(irq_5, IRQ_OFFSET + 5)
TRAPHANDLER_NOEC(irq_6, IRQ_OFFSET + 6)
TRAPHANDLER_NOEC(irq_7, IRQ_OFFSET + 7)
TRAPHANDLER_NOEC(irq_8, IRQ_OFFSET + 8)
TRAPHANDLER_NOEC(irq_9, IRQ_OFFSET + 9)
TRAPHANDLER_NOEC(irq_10, IRQ_OFFSET + 10)
TRAPHANDLER_NOEC(irq_11, IRQ_OFFSET + 11)
TRAPHANDLER_NOEC(irq_12, IRQ_OFFSET + 12)
TRAPHANDLER_NOEC(irq_13, IRQ_OFFSET + 13)
TRAPHANDLER_NOEC(irq_14, IRQ_OFFSET + 14)
TRAPHANDLER_NOEC(irq_15, IRQ_OFFSET + 15)

	.section .rodata
	.balign	4
	.globl	irq_entries
	.type	irq_entries, @object
irq_entries:
	.long	irq_0, irq_1, irq_2, irq_3, irq_4, irq_5, irq_6, irq_7
	.long	irq_8, irq_9, irq_10, irq_11, irq_12, irq_13, irq_14, irq_15
	.size	irq_entries, . - irq_entries

	.text
// @stub // Exercise lab4.irq_entry: your code here.
// @end lab4.irq_entry
