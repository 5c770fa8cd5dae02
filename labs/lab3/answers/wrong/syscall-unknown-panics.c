// Lets any program stop the kernel with a number that it does not know.
// fails: syscalls fuzz

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
		panic("unknown system call %u", syscallno);
	}
