// Does not look whether the kernel refuses something.
// fails: handler
// says: does not panic

	if (!_pgfault_handler) {
		sys_page_alloc(0, (void *)(UXSTACKTOP - PGSIZE),
		               PTE_P | PTE_U | PTE_W);
		sys_env_set_pgfault_upcall(0, _pgfault_upcall);
	}
	_pgfault_handler = handler;
