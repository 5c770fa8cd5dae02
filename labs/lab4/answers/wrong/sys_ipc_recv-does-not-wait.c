// Notes all, and goes on at once.
// fails: receive

	if (dstva < UTOP && PGOFF(dstva))
		return -E_INVAL;
	curenv->env_ipc_dstva = dstva;
	curenv->env_ipc_recving = true;
	ipc_next_sender(curenv);
	return 0;
