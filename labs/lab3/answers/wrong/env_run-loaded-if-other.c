// Means to load the page directory only for another environment, but asks when
// curenv has been set already.
// fails: program_arguments

	if (curenv && curenv != e && curenv->env_status == ENV_RUNNING)
		curenv->env_status = ENV_RUNNABLE;
	curenv = e;
	e->env_status = ENV_RUNNING;
	e->env_runs++;
	if (curenv != e)
		lcr3(PADDR(e->env_pgdir));
	env_pop_tf(&e->env_tf);
