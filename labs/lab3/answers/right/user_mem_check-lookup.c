// Cuts the range at ULIM, looks the pages up with page_lookup, and counts
// them.

	uintptr_t addr = (uintptr_t)va;
	size_t inside = addr < ULIM ? MIN(len, ULIM - addr) : 0;
	size_t checked = 0;

	while (checked < inside) {
		pte_t entry = 0, *pte;

		if (page_lookup(env->env_pgdir, (void *)addr, &pte))
			entry = *pte & env->env_pgdir[PDX(addr)];
		if ((~entry & (perm | PTE_P)) != 0) {
			user_mem_check_addr = addr;
			return -E_FAULT;
		}
		checked += PGSIZE - PGOFF(addr);
		addr = ROUNDDOWN(addr, PGSIZE) + PGSIZE;
	}
	if (inside == len)
		return 0;
	user_mem_check_addr = MAX((uintptr_t)va, (uintptr_t)ULIM);
	return -E_FAULT;
