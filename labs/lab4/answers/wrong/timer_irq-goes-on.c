// Tells the APIC, and lets the same environment go on.
// fails: spin preempt

	lapic_eoi();
