// Refuses numbers that are not in the list, but returns 0 for those of the
// list that have no function yet.
// fails: syscalls

	if (syscallno >= NSYSCALLS)
		return -E_INVAL;
	switch (syscallno) {
	case SYS_cputs:
		sys_cputs((const char *)a1, a2);
		return 0;
	case SYS_cgetc:
		return sys_cgetc();
	case SYS_getenvid:
		return sys_getenvid();
	case SYS_env_destroy:
		return sys_env_destroy(a1);
	default:
		return 0;
	}
