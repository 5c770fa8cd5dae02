// Counts only when another environment ran before.
// fails: env_run
// says: env_runs went from

	if (curenv != e) {
		if (curenv && curenv->env_status == ENV_RUNNING)
			curenv->env_status = ENV_RUNNABLE;
		curenv = e;
		e->env_status = ENV_RUNNING;
		e->env_runs++;
		lcr3(PADDR(e->env_pgdir));
	}
	env_pop_tf(&e->env_tf);
