// Does not look whether there is such an environment.
// fails: page_unmap

	struct Env *e;

	envid2env(envid, &e, 1);
	if (va >= UTOP || va % PGSIZE != 0)
		return -E_INVAL;
	page_remove(e->env_pgdir, (void *)va);
	return 0;
