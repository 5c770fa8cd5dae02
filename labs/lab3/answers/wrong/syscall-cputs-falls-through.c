// Forgets to return after cputs: each one takes a character that was typed.
// fails: fuzz
// says: cputs while a character waits returned 97

	switch (syscallno) {
	case SYS_cputs:
		sys_cputs((const char *)a1, a2);
		/* fall through */
	case SYS_cgetc:
		return sys_cgetc();
	case SYS_getenvid:
		return sys_getenvid();
	case SYS_env_destroy:
		return sys_env_destroy(a1);
	default:
		return -E_INVAL;
	}
