// The interrupts' entries in the IDT.

#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/trap.h>

#include <kern/trap.h>

// Enter interrupt `irq`'s entry point in the IDT, as an interrupt gate that no
// program may use.
static void
irq_gate(uint32_t irq, uintptr_t entry)
{
	SETGATE(idt[IRQ_OFFSET + irq], 0, GD_KT, entry, 0);
}

// Enter the interrupts' entry points in the IDT: those of the two interrupt
// controllers (kern/irqentry.S; it has none before lab4.irq_entry is done) and
// those that only the APIC raises.
void
irq_init(void)
{
	extern const uintptr_t irq_entries[16] __attribute__((weak));
	void irq_error(void), irq_poke(void);

	for (uint32_t irq = 0; irq_entries && irq < 16; irq++)
		irq_gate(irq, irq_entries[irq]);
	irq_gate(IRQ_ERROR, (uintptr_t)irq_error);
	irq_gate(IRQ_POKE, (uintptr_t)irq_poke);
}

// Returns:  whether interrupt `irq` has an entry point.
bool
irq_has_entry(uint32_t irq)
{
	return idt[IRQ_OFFSET + irq].gd_p;
}
