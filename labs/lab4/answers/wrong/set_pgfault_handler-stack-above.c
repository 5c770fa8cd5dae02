// Asks for the page at UXSTACKTOP, where the exception stack ends.
// fails: handler faultdie

	bool first = _pgfault_handler == NULL;
	int r;

	// Not written in vain: the page may be shared with a child.
	if (_pgfault_handler != handler)
		_pgfault_handler = handler;
	if (!first)
		return;
	r = sys_page_alloc(0, (void *)UXSTACKTOP,
	                   PTE_P | PTE_U | PTE_W);
	if (r < 0)
		panic("set_pgfault_handler: no exception stack: %e", r);
	r = sys_env_set_pgfault_upcall(0, _pgfault_upcall);
	if (r < 0)
		panic("set_pgfault_handler: no upcall: %e", r);
