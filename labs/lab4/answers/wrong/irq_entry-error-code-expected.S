// Takes an error code for granted, which no interrupt has: the frame is a word
// short.
// fails: gates

TRAPHANDLER(irq_0, IRQ_OFFSET + 0)
TRAPHANDLER(irq_1, IRQ_OFFSET + 1)
TRAPHANDLER(irq_2, IRQ_OFFSET + 2)
TRAPHANDLER(irq_3, IRQ_OFFSET + 3)
TRAPHANDLER(irq_4, IRQ_OFFSET + 4)
TRAPHANDLER(irq_5, IRQ_OFFSET + 5)
TRAPHANDLER(irq_6, IRQ_OFFSET + 6)
TRAPHANDLER(irq_7, IRQ_OFFSET + 7)
TRAPHANDLER(irq_8, IRQ_OFFSET + 8)
TRAPHANDLER(irq_9, IRQ_OFFSET + 9)
TRAPHANDLER(irq_10, IRQ_OFFSET + 10)
TRAPHANDLER(irq_11, IRQ_OFFSET + 11)
TRAPHANDLER(irq_12, IRQ_OFFSET + 12)
TRAPHANDLER(irq_13, IRQ_OFFSET + 13)
TRAPHANDLER(irq_14, IRQ_OFFSET + 14)
TRAPHANDLER(irq_15, IRQ_OFFSET + 15)

	.section .rodata
	.balign	4
	.globl	irq_entries
	.type	irq_entries, @object
irq_entries:
	.long	irq_0, irq_1, irq_2, irq_3, irq_4, irq_5, irq_6, irq_7
	.long	irq_8, irq_9, irq_10, irq_11, irq_12, irq_13, irq_14, irq_15
	.size	irq_entries, . - irq_entries

	.text
