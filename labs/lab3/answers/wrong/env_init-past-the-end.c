// The last environment is linked to one that does not exist.
// fails: env_table
// says: env_free_list goes on after the last environment

	env_free_list = envs;
	for (struct Env *e = envs; e < envs + NENV; e++) {
		e->env_id = 0;
		e->env_status = ENV_FREE;
		e->env_link = e + 1;
	}
	gdt_init();
