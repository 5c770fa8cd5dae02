// Copies what a program can change, and leaves the rest as env_alloc made it.

	const struct Trapframe *tf = &curenv->env_tf;
	struct Env *child;
	int err = env_alloc(&child, curenv->env_id);

	if (err != 0)
		return err;
	child->env_tf.tf_regs = tf->tf_regs;
	child->env_tf.tf_regs.reg_eax = 0;
	child->env_tf.tf_eip = tf->tf_eip;
	child->env_tf.tf_esp = tf->tf_esp;
	child->env_tf.tf_eflags = tf->tf_eflags;
	env_set_status(child, ENV_NOT_RUNNABLE);
	return child->env_id;
