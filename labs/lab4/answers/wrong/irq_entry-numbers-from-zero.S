// Numbers the interrupts from 0: the timer looks like a division by 0.
// fails: spin preempt

TRAPHANDLER_NOEC(irq_0, 0)
TRAPHANDLER_NOEC(irq_1, 1)
TRAPHANDLER_NOEC(irq_2, 2)
TRAPHANDLER_NOEC(irq_3, 3)
TRAPHANDLER_NOEC(irq_4, 4)
TRAPHANDLER_NOEC(irq_5, 5)
TRAPHANDLER_NOEC(irq_6, 6)
TRAPHANDLER_NOEC(irq_7, 7)
TRAPHANDLER_NOEC(irq_8, 8)
TRAPHANDLER_NOEC(irq_9, 9)
TRAPHANDLER_NOEC(irq_10, 10)
TRAPHANDLER_NOEC(irq_11, 11)
TRAPHANDLER_NOEC(irq_12, 12)
TRAPHANDLER_NOEC(irq_13, 13)
TRAPHANDLER_NOEC(irq_14, 14)
TRAPHANDLER_NOEC(irq_15, 15)

	.section .rodata
	.balign	4
	.globl	irq_entries
	.type	irq_entries, @object
irq_entries:
	.long	irq_0, irq_1, irq_2, irq_3, irq_4, irq_5, irq_6, irq_7
	.long	irq_8, irq_9, irq_10, irq_11, irq_12, irq_13, irq_14, irq_15
	.size	irq_entries, . - irq_entries

	.text
