// The child goes on with the parent's eax, which is the number of the system
// call.
// fails: exofork dumbfork

	struct Env *e;
	int r;

	if ((r = env_alloc(&e, curenv->env_id)) < 0)
		return r;
	env_set_status(e, ENV_NOT_RUNNABLE);
	e->env_tf = curenv->env_tf;
	return e->env_id;
