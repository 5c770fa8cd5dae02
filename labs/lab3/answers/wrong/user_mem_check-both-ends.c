// Looks at the first page and the last, but not between them.
// fails: user_mem_check

	uintptr_t ends[2] = { (uintptr_t)va, (uintptr_t)va + len - 1 };

	if (len == 0)
		return 0;
	if (PGNUM(ends[0]) != PGNUM(ends[1]))
		ends[1] = ROUNDDOWN(ends[1], PGSIZE);
	perm |= PTE_P;
	for (int i = 0; i < 2; i++) {
		pte_t *pte = NULL;

		if (ends[i] < ULIM && ends[i] >= ends[0])
			pte = pgdir_walk(env->env_pgdir, (void *)ends[i], 0);
		if (!pte || (*pte & env->env_pgdir[PDX(ends[i])] & perm) !=
		                    (pte_t)perm) {
			user_mem_check_addr = ends[i];
			return -E_FAULT;
		}
	}
	return 0;
