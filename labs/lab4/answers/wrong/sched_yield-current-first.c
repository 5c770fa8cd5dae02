// Who yields runs on.
// fails: yield

	struct Env *e;

	if (curenv && curenv->env_status == ENV_RUNNING)
		env_run(curenv);
	if ((e = runq_take()) != NULL)
		env_run(e);
	sched_halt();
