// Takes who is already running to be ready to run.
// fails: yield

	for (int i = 0; i < NENV; i++)
		if (envs[i].env_status == ENV_RUNNING)
			env_run(&envs[i]);
	sched_halt();
