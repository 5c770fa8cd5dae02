// Loads the page directory only when it is another environment's turn: that of
// the current one is still loaded.

	if (curenv != e) {
		if (curenv && curenv->env_status == ENV_RUNNING)
			curenv->env_status = ENV_RUNNABLE;
		curenv = e;
		lcr3(PADDR(e->env_pgdir));
	}
	curenv->env_status = ENV_RUNNING;
	curenv->env_runs++;
	env_pop_tf(&curenv->env_tf);
