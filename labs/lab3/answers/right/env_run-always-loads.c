// Loads the page directory in any case, and touches the status of the one that
// ran before even when it is the same: it is set to ENV_RUNNING just after.

	struct Env *last = curenv;

	if (last != NULL && last->env_status == ENV_RUNNING)
		last->env_status = ENV_RUNNABLE;
	e->env_runs += 1;
	e->env_status = ENV_RUNNING;
	curenv = e;
	lcr3(PADDR(curenv->env_pgdir));
	env_pop_tf(&curenv->env_tf);
