// Does not tell the kernel where to start.
// fails: handler faultdie

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
