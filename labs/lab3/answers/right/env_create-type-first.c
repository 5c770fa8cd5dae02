// Enters the type before the program is loaded; the order does not matter.

	struct Env *env = NULL;
	int err;

	if ((err = env_alloc(&env, 0)) != 0)
		panic("env_create: %e", err);
	env->env_type = type;
	env->env_parent_id = 0;
	load_icode(env, binary);
