// Sets up what is missing first; until the handler is set, nothing faults.

	if (_pgfault_handler == NULL) {
		void *stack = (void *)(UXSTACKTOP - PGSIZE);
		int r = sys_page_alloc(0, stack, PTE_W | PTE_U | PTE_P);

		if (r == 0)
			r = sys_env_set_pgfault_upcall(sys_getenvid(),
			                               _pgfault_upcall);
		if (r < 0)
			panic("page faults cannot be handled: %e", r);
	}
	_pgfault_handler = handler;
