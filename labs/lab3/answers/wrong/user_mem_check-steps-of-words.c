// A pointer to words goes four bytes further for each 1 that is added: three
// pages of four are not looked at.
// fails: user_mem_check

	const uint32_t *page = va;
	uint64_t end = (uint64_t)(uintptr_t)va + len;

	perm |= PTE_P;
	while ((uintptr_t)page < end) {
		uintptr_t addr = (uintptr_t)page;
		pte_t *pte = NULL;

		if (addr < ULIM)
			pte = pgdir_walk(env->env_pgdir, page, 0);
		if (!pte || (*pte & env->env_pgdir[PDX(addr)] & perm) !=
		                    (pte_t)perm) {
			user_mem_check_addr = addr;
			return -E_FAULT;
		}
		page = ROUNDDOWN(page, PGSIZE) + PGSIZE;
	}
	return 0;
