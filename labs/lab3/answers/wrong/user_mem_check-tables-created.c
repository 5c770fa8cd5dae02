// Lets pgdir_walk make the page tables that it looks into: a program that
// passes bad pointers uses up the kernel's memory.
// fails: user_mem_check

	uintptr_t addr = (uintptr_t)va;
	uint64_t end = (uint64_t)addr + len;

	perm |= PTE_P;
	for (uint64_t next; addr < end; addr = next) {
		pte_t *pte = NULL;

		next = (uint64_t)ROUNDDOWN(addr, PGSIZE) + PGSIZE;
		if (addr < ULIM)
			pte = pgdir_walk(env->env_pgdir, (void *)addr, 1);
		if (!pte || (*pte & perm) != (pte_t)perm ||
		    (env->env_pgdir[PDX(addr)] & perm) != (pde_t)perm) {
			user_mem_check_addr = addr;
			return -E_FAULT;
		}
	}
	return 0;
