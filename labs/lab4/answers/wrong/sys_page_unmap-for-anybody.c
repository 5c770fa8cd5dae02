// Does not ask whether the environment is the caller's.
// fails: page_unmap

	struct Env *e;
	int r;

	if ((r = envid2env(envid, &e, 0)) < 0)
		return r;
	if (va >= UTOP || va % PGSIZE != 0)
		return -E_INVAL;
	page_remove(e->env_pgdir, (void *)va);
	return 0;
