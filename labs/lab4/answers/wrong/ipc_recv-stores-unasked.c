// Stores who sent it and the permissions whether that is wanted or not.
// fails: messages

	int r = sys_ipc_recv(pg ? pg : NO_PAGE);

	*from_env_store = r < 0 ? 0 : thisenv->env_ipc_from;
	*perm_store = r < 0 ? 0 : thisenv->env_ipc_perm;
	return r < 0 ? r : (int32_t)thisenv->env_ipc_value;
