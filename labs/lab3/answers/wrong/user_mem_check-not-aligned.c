// Goes on in steps of a page from an unaligned start: the last page is missed,
// and addresses within pages are reported.
// fails: user_mem_check buggyhello2

	uintptr_t addr = (uintptr_t)va;
	uint64_t end = (uint64_t)addr + len;

	perm |= PTE_P;
	for (uint64_t next; addr < end; addr = next) {
		pte_t *pte = NULL;

		next = (uint64_t)addr + PGSIZE;
		if (addr < ULIM)
			pte = pgdir_walk(env->env_pgdir, (void *)addr, 0);
		if (!pte || (*pte & perm) != (pte_t)perm ||
		    (env->env_pgdir[PDX(addr)] & perm) != (pde_t)perm) {
			user_mem_check_addr = addr;
			return -E_FAULT;
		}
	}
	return 0;
