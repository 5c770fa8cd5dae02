// Makes the current environment, if there is one, the parent.
// fails: env_create
// says: env_parent_id is

	struct Env *e;
	int r = env_alloc(&e, curenv ? curenv->env_id : 0);

	if (r < 0)
		panic("env_create: %e", r);
	load_icode(e, binary);
	e->env_type = type;
