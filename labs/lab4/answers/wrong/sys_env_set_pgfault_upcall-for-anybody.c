// Does not ask whether the environment is the caller's.
// fails: set_upcall

	struct Env *e;
	int r;

	if ((r = envid2env(envid, &e, 0)) < 0)
		return r;
	e->env_pgfault_upcall = func;
	return 0;
