// Waits in the kernel until an environment is ready.
// fails: yield

	struct Env *e;

	if (curenv && curenv->env_status == ENV_RUNNING)
		runq_put(curenv);
	while (!(e = runq_take()))
		;
	env_run(e);
