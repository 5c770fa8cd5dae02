// Sets the upcall before it knows whose it is.
// fails: set_upcall

	struct Env *e;

	envs[ENVX(envid)].env_pgfault_upcall = func;
	return envid2env(envid, &e, 1);
