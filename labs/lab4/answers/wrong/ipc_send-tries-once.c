// Tries once: one that does not wait yet is an error.
// fails: messages sendpage

	int r = sys_ipc_try_send(to_env, val, pg ? pg : NO_PAGE, perm);

	if (r < 0)
		panic("ipc_send to %08x: %e", to_env, r);
