// Makes a child of nobody.
// fails: exofork dumbfork

	struct Env *e;
	int r;

	if ((r = env_alloc(&e, 0)) < 0)
		return r;
	env_set_status(e, ENV_NOT_RUNNABLE);
	e->env_tf = curenv->env_tf;
	e->env_tf.tf_regs.reg_eax = 0;
	return e->env_id;
