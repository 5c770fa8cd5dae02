// Makes the kernel start at the handler itself, which finds no argument and
// returns to nowhere.
// fails: handler

	bool first = _pgfault_handler == NULL;
	int r;

	// Not written in vain: the page may be shared with a child.
	if (_pgfault_handler != handler)
		_pgfault_handler = handler;
	if (!first)
		return;
	r = sys_page_alloc(0, (void *)(UXSTACKTOP - PGSIZE),
	                   PTE_P | PTE_U | PTE_W);
	if (r < 0)
		panic("set_pgfault_handler: no exception stack: %e", r);
	r = sys_env_set_pgfault_upcall(0, (void (*)(void))handler);
	if (r < 0)
		panic("set_pgfault_handler: no upcall: %e", r);
