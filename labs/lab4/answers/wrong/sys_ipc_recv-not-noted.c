// Does not note that it waits: it stops for ever, and nobody can send.
// fails: receive

	if (dstva < UTOP && PGOFF(dstva))
		return -E_INVAL;
	curenv->env_ipc_dstva = dstva;
	ipc_next_sender(curenv);
	env_set_status(curenv, ENV_NOT_RUNNABLE);
	return 0;
