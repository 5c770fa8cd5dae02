// Gives the child the general registers, but not where it goes on.
// fails: exofork dumbfork

	struct Env *e;
	int r;

	if ((r = env_alloc(&e, curenv->env_id)) < 0)
		return r;
	env_set_status(e, ENV_NOT_RUNNABLE);
	e->env_tf.tf_regs = curenv->env_tf.tf_regs;
	e->env_tf.tf_regs.reg_eax = 0;
	return e->env_id;
