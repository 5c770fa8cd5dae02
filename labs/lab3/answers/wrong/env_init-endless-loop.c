// An unsigned counter is never below 0: the loop runs on below envs[].
// fails: env_table

	env_free_list = NULL;
	for (size_t i = NENV - 1; i >= 0; i--) {
		envs[i].env_id = 0;
		envs[i].env_status = ENV_FREE;
		envs[i].env_link = env_free_list;
		env_free_list = &envs[i];
	}
	gdt_init();
