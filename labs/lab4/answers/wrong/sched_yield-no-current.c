// Looks at the current environment, also when there is none.
// fails: yield

	struct Env *e;

	if (curenv->env_status == ENV_RUNNING)
		runq_put(curenv);
	if ((e = runq_take()) != NULL)
		env_run(e);
	sched_halt();
