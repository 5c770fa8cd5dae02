// Goes forwards with a pointer to the link that is to be filled in; the
// segments can be loaded first.

	struct Env **link = &env_free_list;

	gdt_init();
	for (size_t i = 0; i < NENV; i++) {
		envs[i].env_status = ENV_FREE;
		envs[i].env_id = 0;
		*link = &envs[i];
		link = &envs[i].env_link;
	}
	*link = NULL;
