// Makes the one that ran before runnable even if it is the one to run now.
// fails: program_arguments

	e->env_status = ENV_RUNNING;
	if (curenv && curenv->env_status == ENV_RUNNING)
		curenv->env_status = ENV_RUNNABLE;
	curenv = e;
	e->env_runs++;
	lcr3(PADDR(e->env_pgdir));
	env_pop_tf(&e->env_tf);
