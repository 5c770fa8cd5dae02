// Passes NULL on: the page at 0 is sent, if there is one.
// fails: messages

	int r = sys_ipc_send(to_env, val, pg, perm);

	if (r < 0)
		panic("ipc_send to %08x: %e", to_env, r);
