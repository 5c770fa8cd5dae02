// Stops though the message has come.
// fails: send

	if (dstva < UTOP && PGOFF(dstva))
		return -E_INVAL;
	curenv->env_ipc_dstva = dstva;
	curenv->env_ipc_recving = true;
	ipc_next_sender(curenv);
	env_set_status(curenv, ENV_NOT_RUNNABLE);
	return 0;
