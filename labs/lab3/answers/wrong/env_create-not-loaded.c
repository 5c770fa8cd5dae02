// Leaves the new environment without a program.
// fails: load_icode

	struct Env *e;
	int r = env_alloc(&e, 0);

	if (r < 0)
		panic("env_create: %e", r);
	e->env_type = type;
