// Who yields runs on when no other is ready, and is forgotten otherwise.
// fails: yield

	struct Env *e = runq_take();

	if (!e && curenv && curenv->env_status == ENV_RUNNING)
		e = curenv;
	if (e)
		env_run(e);
	sched_halt();
