// Does not count in env_runs.
// fails: program_arguments
// says: env_runs

	if (curenv && curenv != e && curenv->env_status == ENV_RUNNING)
		curenv->env_status = ENV_RUNNABLE;
	curenv = e;
	e->env_status = ENV_RUNNING;
	lcr3(PADDR(e->env_pgdir));
	env_pop_tf(&e->env_tf);
