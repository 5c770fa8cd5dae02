// Says that there are too many environments, also when memory is missing.
// fails: page_alloc
// says: -E_NO_FREE_ENV instead of -E_NO_MEM

	struct Env *e;
	int r;

	if ((r = env_alloc(&e, curenv->env_id)) < 0)
		return -E_NO_FREE_ENV;
	env_set_status(e, ENV_NOT_RUNNABLE);
	e->env_tf = curenv->env_tf;
	e->env_tf.tf_regs.reg_eax = 0;
	return e->env_id;
