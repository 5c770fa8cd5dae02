// Pushes the environments on the list from first to last, so that the list
// begins with the last.
// fails: env_table
// says: env_free_list: number 0

	for (int i = 0; i < NENV; i++) {
		envs[i].env_id = 0;
		envs[i].env_status = ENV_FREE;
		envs[i].env_link = env_free_list;
		env_free_list = &envs[i];
	}
	gdt_init();
