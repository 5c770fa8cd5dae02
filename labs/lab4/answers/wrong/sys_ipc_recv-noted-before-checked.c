// Notes that it waits before it looks at the address: when that is refused, a
// message may still come.
// fails: receive
// says: leaves env_ipc_recving set

	curenv->env_ipc_dstva = dstva;
	curenv->env_ipc_recving = true;
	if (dstva < UTOP && PGOFF(dstva))
		return -E_INVAL;
	ipc_next_sender(curenv);
	if (curenv->env_ipc_recving)
		env_set_status(curenv, ENV_NOT_RUNNABLE);
	return 0;
