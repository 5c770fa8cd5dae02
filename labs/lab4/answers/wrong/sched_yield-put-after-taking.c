// Who yields gets into the queue only after somebody was taken from it: one
// that is alone halts.
// fails: all_cpus

	struct Env *e = runq_take();

	if (curenv && curenv->env_status == ENV_RUNNING)
		runq_put(curenv);
	if (e)
		env_run(e);
	sched_halt();
