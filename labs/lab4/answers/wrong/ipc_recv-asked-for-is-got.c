// Takes for granted that a page came when one was wanted.
// fails: messages

	int r = sys_ipc_recv(pg ? pg : NO_PAGE);

	if (from_env_store)
		*from_env_store = r < 0 ? 0 : thisenv->env_ipc_from;
	if (perm_store)
		*perm_store = r < 0 ? 0 : pg ? PTE_P | PTE_U | PTE_W : 0;
	return r < 0 ? r : (int32_t)thisenv->env_ipc_value;
