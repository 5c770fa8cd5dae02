// Loads the directory's kernel address into cr3, which takes a physical one.
// fails: program_arguments

	if (curenv && curenv != e && curenv->env_status == ENV_RUNNING)
		curenv->env_status = ENV_RUNNABLE;
	curenv = e;
	e->env_status = ENV_RUNNING;
	e->env_runs++;
	lcr3((uint32_t)e->env_pgdir);
	env_pop_tf(&e->env_tf);
