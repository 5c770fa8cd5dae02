// Maps the page in the sender's address space.
// fails: send

	const int needed = PTE_P | PTE_U;
	struct PageInfo *pp = NULL;
	struct Env *to;
	pte_t *pte;
	int r = envid2env(envid, &to, false);

	if (r < 0)
		return r;
	if (srcva < UTOP) {
		if (PGOFF(srcva) || (perm & needed) != needed ||
		    (perm & ~PTE_SYSCALL))
			return -E_INVAL;
		pp = page_lookup(curenv->env_pgdir, (void *)srcva, &pte);
		if (!pp || (perm & PTE_W & ~*pte))
			return -E_INVAL;
	}
	if (!to->env_ipc_recving)
		return -E_IPC_NOT_RECV;
	if (to->env_ipc_dstva >= UTOP)
		pp = NULL;
	if (pp) {
		r = page_insert(curenv->env_pgdir, pp, (void *)to->env_ipc_dstva,
		                perm);
		if (r < 0)
			return r;
	}
	to->env_ipc_recving = false;
	to->env_ipc_from = curenv->env_id;
	to->env_ipc_value = value;
	to->env_ipc_perm = pp ? perm : 0;
	env_set_status(to, ENV_RUNNABLE);
	return 0;
