// Leaves both as they were when the call fails.
// fails: messages

	int r = sys_ipc_recv(pg ? pg : NO_PAGE);

	if (r < 0)
		return r;
	if (from_env_store)
		*from_env_store = thisenv->env_ipc_from;
	if (perm_store)
		*perm_store = thisenv->env_ipc_perm;
	return thisenv->env_ipc_value;
