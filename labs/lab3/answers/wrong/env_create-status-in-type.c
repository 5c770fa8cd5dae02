// Takes env_type for the status, and makes it ENV_RUNNABLE.
// fails: load_icode
// says: type 2

	struct Env *e;
	int r = env_alloc(&e, 0);

	if (r < 0)
		panic("env_create: %e", r);
	load_icode(e, binary);
	e->env_type = (enum EnvType)ENV_RUNNABLE;
