// Takes the first from the queue, and then puts the current one at its end; if
// nobody else was ready, that one goes on where it is.

	struct Env *next = runq_take();

	if (curenv != NULL && curenv->env_status == ENV_RUNNING) {
		if (next == NULL)
			env_run(curenv);
		runq_put(curenv);
	}
	if (next == NULL)
		sched_halt();
	env_run(next);
