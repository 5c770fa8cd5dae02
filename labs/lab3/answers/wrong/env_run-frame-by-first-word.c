// Passes the first word of the trap frame instead of its address.
// fails: env_run program_arguments

	if (curenv && curenv != e && curenv->env_status == ENV_RUNNING)
		curenv->env_status = ENV_RUNNABLE;
	curenv = e;
	e->env_status = ENV_RUNNING;
	e->env_runs++;
	lcr3(PADDR(e->env_pgdir));
	env_pop_tf((struct Trapframe *)e->env_tf.tf_regs.reg_edi);
