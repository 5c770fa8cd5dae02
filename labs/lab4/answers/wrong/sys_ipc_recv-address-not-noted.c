// Does not note where the page is wanted.
// fails: receive

	if (dstva < UTOP && PGOFF(dstva))
		return -E_INVAL;
	curenv->env_ipc_recving = true;
	ipc_next_sender(curenv);
	if (curenv->env_ipc_recving)
		env_set_status(curenv, ENV_NOT_RUNNABLE);
	return 0;
