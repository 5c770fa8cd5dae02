// Stops before it asks those that wait to send: a message makes it ready again.

	struct Env *e = curenv;

	if (dstva >= UTOP)
		dstva = UTOP;
	else if (dstva % PGSIZE != 0)
		return -E_INVAL;
	e->env_ipc_recving = true;
	e->env_ipc_dstva = dstva;
	env_set_status(e, ENV_NOT_RUNNABLE);
	ipc_next_sender(e);
	return 0;
