// Panics when env_alloc fails, but does not say why.
// fails: env_create
// says: instead of "env_create: out of environments"

	struct Env *e;

	if (env_alloc(&e, 0) < 0)
		panic("env_create: no environment");
	load_icode(e, binary);
	e->env_type = type;
