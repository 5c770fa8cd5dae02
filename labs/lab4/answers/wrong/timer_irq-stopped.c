// Stops the environment that was interrupted, which nobody lets run again.
// fails: preempt

	lapic_eoi();
	env_set_status(curenv, ENV_NOT_RUNNABLE);
	sched_yield();
