// Takes the character that was typed, and returns 0 all the same.
// fails: fuzz
// says: cgetc with "a" typed returned 0

	switch (syscallno) {
	case SYS_cputs:
		sys_cputs((const char *)a1, a2);
		return 0;
	case SYS_cgetc:
		sys_cgetc();
		return 0;
	case SYS_getenvid:
		return sys_getenvid();
	case SYS_env_destroy:
		return sys_env_destroy(a1);
	default:
		return -E_INVAL;
	}
