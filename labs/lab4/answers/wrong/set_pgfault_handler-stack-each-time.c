// Makes a new exception stack at each call, also while a handler runs on it.
// fails: handler

	int r;

	// Not written in vain: the page may be shared with a child.
	if (_pgfault_handler != handler)
		_pgfault_handler = handler;
	r = sys_page_alloc(0, (void *)(UXSTACKTOP - PGSIZE),
	                   PTE_P | PTE_U | PTE_W);
	if (r < 0)
		panic("set_pgfault_handler: no exception stack: %e", r);
	r = sys_env_set_pgfault_upcall(0, _pgfault_upcall);
	if (r < 0)
		panic("set_pgfault_handler: no upcall: %e", r);
