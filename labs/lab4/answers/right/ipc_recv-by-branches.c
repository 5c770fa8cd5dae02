// Handles the error in a branch of its own, and finds itself in envs[].

	const volatile struct Env *me = &envs[ENVX(sys_getenvid())];
	envid_t from = 0;
	int perm = 0, result;

	if (pg == NULL)
		pg = (void *)-PGSIZE;
	result = sys_ipc_recv(pg);
	if (result == 0) {
		result = me->env_ipc_value;
		from = me->env_ipc_from;
		perm = me->env_ipc_perm;
	}
	if (perm_store != NULL)
		*perm_store = perm;
	if (from_env_store != NULL)
		*from_env_store = from;
	return result;
