// Does not ask those that already wait to send.
// fails: send

	if (dstva < UTOP && PGOFF(dstva))
		return -E_INVAL;
	curenv->env_ipc_dstva = dstva;
	curenv->env_ipc_recving = true;
	if (curenv->env_ipc_recving)
		env_set_status(curenv, ENV_NOT_RUNNABLE);
	return 0;
