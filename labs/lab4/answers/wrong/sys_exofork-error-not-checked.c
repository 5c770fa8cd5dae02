// Uses the new environment without looking whether there is one.
// fails: exofork

	struct Env *e = NULL;

	env_alloc(&e, curenv->env_id);
	env_set_status(e, ENV_NOT_RUNNABLE);
	e->env_tf = curenv->env_tf;
	e->env_tf.tf_regs.reg_eax = 0;
	return e->env_id;
