// The IDT entries of the interrupts.

#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/trap.h>

#include <kern/trap.h>

// Point interrupt `irq`'s IDT entry to `entry`, as an interrupt gate that user
// code cannot invoke.
static void
irq_gate(uint32_t irq, uintptr_t entry)
{
	SETGATE(idt[IRQ_OFFSET + irq], 0, GD_KT, entry, 0);
}

// Set the IDT entries of the interrupts from the two interrupt controllers
// (kern/irqentry.S; none before lab4.irq_entry is done), and of the interrupts
// that only the APIC raises.
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
