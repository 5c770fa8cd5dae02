// Does not enter the type: every environment stays what env_alloc made it.
// fails: env_create

	struct Env *e;
	int r = env_alloc(&e, 0);

	if (r < 0)
		panic("env_create: %e", r);
	load_icode(e, binary);
