// Tries once, and takes it for done when nobody waits.
// fails: messages sendpage

	int r = sys_ipc_try_send(to_env, val, pg ? pg : NO_PAGE, perm);

	if (r < 0 && r != -E_IPC_NOT_RECV)
		panic("ipc_send to %08x: %e", to_env, r);
