// Makes the child start at address 0 instead of with result 0.
// fails: exofork dumbfork

	struct Env *e;
	int r;

	if ((r = env_alloc(&e, curenv->env_id)) < 0)
		return r;
	env_set_status(e, ENV_NOT_RUNNABLE);
	e->env_tf = curenv->env_tf;
	e->env_tf.tf_eip = 0;
	return e->env_id;
