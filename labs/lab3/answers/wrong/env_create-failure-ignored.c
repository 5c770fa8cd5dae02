// Goes on with no environment when env_alloc has none.
// fails: env_create
// says: instead of "env_create: out of environments"

	struct Env *e = NULL;

	env_alloc(&e, 0);
	load_icode(e, binary);
	e->env_type = type;
