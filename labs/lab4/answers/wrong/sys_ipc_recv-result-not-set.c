// Yields by itself, so that what it returns never gets into the program's eax.
// fails: send

	if (dstva < UTOP && PGOFF(dstva))
		return -E_INVAL;
	curenv->env_ipc_dstva = dstva;
	curenv->env_ipc_recving = true;
	ipc_next_sender(curenv);
	if (curenv->env_ipc_recving)
		env_set_status(curenv, ENV_NOT_RUNNABLE);
	sched_yield();
