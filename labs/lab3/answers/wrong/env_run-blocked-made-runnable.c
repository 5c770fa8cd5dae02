// Makes the one that ran before runnable whatever its status is, be it waiting
// for something or about to be freed.
// fails: env_run

	if (curenv && curenv != e)
		curenv->env_status = ENV_RUNNABLE;
	curenv = e;
	e->env_status = ENV_RUNNING;
	e->env_runs++;
	lcr3(PADDR(e->env_pgdir));
	env_pop_tf(&e->env_tf);
