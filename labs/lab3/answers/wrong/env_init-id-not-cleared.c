// Relies on somebody else having cleared env_id.
// fails: env_table

	env_free_list = NULL;
	for (int i = NENV - 1; i >= 0; i--) {
		envs[i].env_status = ENV_FREE;
		envs[i].env_link = env_free_list;
		env_free_list = &envs[i];
	}
	gdt_init();
