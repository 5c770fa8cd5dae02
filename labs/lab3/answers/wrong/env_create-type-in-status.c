// Enters the type as the status.
// fails: load_icode
// says: env_create: status 0

	struct Env *e;
	int r = env_alloc(&e, 0);

	if (r < 0)
		panic("env_create: %e", r);
	load_icode(e, binary);
	e->env_status = (enum EnvStatus)type;
