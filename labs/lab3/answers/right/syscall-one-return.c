// Keeps the result in a variable, and goes through the calls with if.

	int32_t result = -E_INVAL;

	if (syscallno == SYS_env_destroy) {
		result = sys_env_destroy((envid_t)a1);
	} else if (syscallno == SYS_getenvid) {
		result = sys_getenvid();
	} else if (syscallno == SYS_cgetc) {
		result = sys_cgetc();
	} else if (syscallno == SYS_cputs) {
		sys_cputs((const char *)a1, a2);
		result = 0;
	}
	return result;
