// Does not look at the status.
// fails: set_status

	struct Env *e;
	int r;

	if ((r = envid2env(envid, &e, 1)) < 0)
		return r;
	env_set_status(e, status);
	return 0;
