// Calls the kernel in a branch for each case.

	int r;

	if (pg == NULL)
		r = sys_ipc_send(to_env, val, (void *)-1, 0);
	else
		r = sys_ipc_send(to_env, val, pg, perm);
	if (r == 0)
		return;
	panic("ipc_send: %e", r);
