// Does not look whether the message was refused.
// fails: messages

	sys_ipc_send(to_env, val, pg ? pg : NO_PAGE, perm);
