// Puts into the queue who yields, also one that waits.
// fails: set_status
// says: it went on though it was made ENV_NOT_RUNNABLE

	struct Env *e;

	if (curenv)
		runq_put(curenv);
	if ((e = runq_take()) != NULL)
		env_run(e);
	sched_halt();
