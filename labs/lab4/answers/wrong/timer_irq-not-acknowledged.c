// Does not tell the APIC: there is one tick and no more.
// fails: preempt

	sched_yield();
