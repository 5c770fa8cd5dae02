// Entry points of the interrupts that only the local APIC raises.

#include <kern/trapstub.h>

	.text
	.weak	_alltraps // undefined until lab 3 is done
TRAPHANDLER_NOEC(irq_error, IRQ_OFFSET + IRQ_ERROR)
TRAPHANDLER_NOEC(irq_poke, IRQ_OFFSET + IRQ_POKE)
