// Lets the assembler write the stubs, each with its line of the table.

	.section .rodata
	.balign	4
	.globl	irq_entries
irq_entries:
	.text

	.irp	irq, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
entry_of_irq_\irq:
	pushl	$0
	pushl	$(IRQ_OFFSET + \irq)
	jmp	_alltraps
	.section .rodata
	.long	entry_of_irq_\irq
	.text
	.endr
