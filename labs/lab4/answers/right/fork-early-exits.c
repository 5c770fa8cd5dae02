// Gives the child its stack and upcall first, and clears up at one label.

	void *stack = (void *)(UXSTACKTOP - PGSIZE);
	envid_t id;
	int error;

	set_pgfault_handler(cow_pgfault);
	id = sys_exofork();
	if (id == 0)
		thisenv = envs + ENVX(sys_getenvid());
	if (id <= 0)
		return id;
	if ((error = sys_env_set_pgfault_upcall(id, _pgfault_upcall)) < 0)
		goto fail;
	if ((error = sys_page_alloc(id, stack, PTE_W | PTE_U | PTE_P)) < 0)
		goto fail;
	if ((error = fork_pages(id)) < 0)
		goto fail;
	if ((error = sys_env_set_status(id, ENV_RUNNABLE)) < 0)
		goto fail;
	return id;

fail:
	sys_env_destroy(id);
	return error;
