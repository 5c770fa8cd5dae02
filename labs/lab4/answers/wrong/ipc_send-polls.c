// Asks again and again, also where nobody will ever wait: itself.
// fails: messages

	int r;

	do {
		r = sys_ipc_try_send(to_env, val, pg ? pg : NO_PAGE, perm);
		if (r == -E_IPC_NOT_RECV)
			sys_yield();
	} while (r == -E_IPC_NOT_RECV);
	if (r < 0)
		panic("ipc_send to %08x: %e", to_env, r);
