// Has one entry point, the timer's, for all interrupts.
// fails: gates

TRAPHANDLER_NOEC(irq_any, IRQ_OFFSET + IRQ_TIMER)

	.section .rodata
	.balign	4
	.globl	irq_entries
	.type	irq_entries, @object
irq_entries:
	.rept	16
	.long	irq_any
	.endr
	.size	irq_entries, . - irq_entries

	.text
