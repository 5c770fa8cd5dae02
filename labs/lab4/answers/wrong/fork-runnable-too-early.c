// Lets the child run before it has an exception stack: where there is another
// CPU, a write may end it.
// fails: fork

	envid_t child;
	int r;

	set_pgfault_handler(cow_pgfault);
	child = sys_exofork();
	if (child < 0)
		return child;
	if (child == 0) {
		thisenv = &envs[ENVX(sys_getenvid())];
		return 0;
	}
	r = fork_pages(child);
	if (r == 0)
		r = sys_env_set_status(child, ENV_RUNNABLE);
	if (r == 0)
		r = sys_page_alloc(child, (void *)(UXSTACKTOP - PGSIZE),
		                   PTE_P | PTE_U | PTE_W);
	if (r == 0)
		r = sys_env_set_pgfault_upcall(child, _pgfault_upcall);
	if (r < 0) {
		sys_env_destroy(child);
		return r;
	}
	return child;
