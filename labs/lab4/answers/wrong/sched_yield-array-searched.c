// Goes through the array instead of taking from the queue, where the
// environment that it runs stays.
// fails: set_status

	int start = curenv ? curenv - envs + 1 : 0;

	for (int n = 0; n < NENV; n++) {
		struct Env *e = &envs[(start + n) % NENV];

		if (e->env_status == ENV_RUNNABLE)
			env_run(e);
	}
	if (curenv && curenv->env_status == ENV_RUNNING)
		env_run(curenv);
	sched_halt();
