// Relies on the last environment's link having been NULL before.
// fails: env_table

	env_free_list = envs;
	for (int i = 0; i < NENV; i++) {
		envs[i].env_id = 0;
		envs[i].env_status = ENV_FREE;
		if (i + 1 < NENV)
			envs[i].env_link = &envs[i + 1];
	}
	gdt_init();
