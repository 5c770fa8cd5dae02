// Finds out first whether the receiver waits, but says so last; and sends the
// page in a branch of its own.

	struct Env *to;
	struct PageInfo *page;
	pte_t *entry;
	bool mapped = false, waits;

	if (envid2env(envid, &to, 0) != 0)
		return -E_BAD_ENV;
	waits = to->env_ipc_recving;
	if (srcva < UTOP) {
		page = page_lookup(curenv->env_pgdir, (void *)srcva, &entry);
		if (page == NULL)
			return -E_INVAL;
		if ((perm & PTE_W) && !(*entry & PTE_W))
			return -E_INVAL;
		if (!(perm & PTE_U) || !(perm & PTE_P))
			return -E_INVAL;
		if ((perm | PTE_SYSCALL) != PTE_SYSCALL)
			return -E_INVAL;
		if (srcva & (PGSIZE - 1))
			return -E_INVAL;
		if (waits && to->env_ipc_dstva < UTOP) {
			if (page_insert(to->env_pgdir, page,
			                (void *)to->env_ipc_dstva, perm) < 0)
				return -E_NO_MEM;
			mapped = true;
		}
	}
	if (!waits)
		return -E_IPC_NOT_RECV;
	to->env_ipc_perm = mapped ? perm : 0;
	to->env_ipc_value = value;
	to->env_ipc_from = curenv->env_id;
	to->env_ipc_recving = 0;
	env_set_status(to, ENV_RUNNABLE);
	return 0;
