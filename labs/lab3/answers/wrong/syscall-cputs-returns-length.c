// Returns how many characters were printed, though cputs returns nothing.
// fails: syscalls

	switch (syscallno) {
	case SYS_cputs:
		sys_cputs((const char *)a1, a2);
		return a2;
	case SYS_cgetc:
		return sys_cgetc();
	case SYS_getenvid:
		return sys_getenvid();
	case SYS_env_destroy:
		return sys_env_destroy(a1);
	default:
		return -E_INVAL;
	}
