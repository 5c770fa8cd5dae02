// The panic does not say which error it was.
// fails: messages

	int r = sys_ipc_send(to_env, val, pg ? pg : NO_PAGE, perm);

	if (r < 0)
		panic("ipc_send: cannot send to %08x", to_env);
