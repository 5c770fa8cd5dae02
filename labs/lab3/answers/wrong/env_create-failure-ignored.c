// Goes on with no environment when env_alloc has none.
// fails: load_icode

	struct Env *e = NULL;

	env_alloc(&e, 0);
	load_icode(e, binary);
	e->env_type = type;
