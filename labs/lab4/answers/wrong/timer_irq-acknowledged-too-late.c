// Tells the APIC behind a call that does not return.
// fails: preempt

	sched_yield();
	lapic_eoi();
