// Refuses addresses where no program can be.
// fails: set_upcall

	struct Env *e;
	int r;

	if ((r = envid2env(envid, &e, 1)) < 0)
		return r;
	if (func >= UTOP)
		return -E_INVAL;
	e->env_pgfault_upcall = func;
	return 0;
