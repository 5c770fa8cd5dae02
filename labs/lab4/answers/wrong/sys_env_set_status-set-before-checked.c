// Changes the status before it looks whether that is allowed.
// fails: set_status

	struct Env *e;
	int r;

	if ((r = envid2env(envid, &e, 1)) < 0)
		return r;
	e->env_status = status;
	if (status != ENV_RUNNABLE && status != ENV_NOT_RUNNABLE)
		return -E_INVAL;
	env_set_status(e, status);
	return 0;
