// Unmaps the caller's page, whoever's was meant.
// fails: page_unmap

	struct Env *e;
	int r;

	if ((r = envid2env(envid, &e, 1)) < 0)
		return r;
	if (va >= UTOP || va % PGSIZE != 0)
		return -E_INVAL;
	page_remove(curenv->env_pgdir, (void *)va);
	return 0;
