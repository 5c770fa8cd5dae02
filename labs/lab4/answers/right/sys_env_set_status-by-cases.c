// Decides by cases, with the status first.

	struct Env *e;

	switch (status) {
	case ENV_RUNNABLE:
	case ENV_NOT_RUNNABLE:
		if (envid2env(envid, &e, true) != 0)
			return -E_BAD_ENV;
		env_set_status(e, status);
		return 0;
	default:
		return -E_INVAL;
	}
