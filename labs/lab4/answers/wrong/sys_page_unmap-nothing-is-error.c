// Takes it for an error when no page is there.
// fails: page_unmap

	struct Env *e;
	int r;

	if ((r = envid2env(envid, &e, 1)) < 0)
		return r;
	if (va >= UTOP || va % PGSIZE != 0)
		return -E_INVAL;
	if (!page_lookup(e->env_pgdir, (void *)va, NULL))
		return -E_INVAL;
	page_remove(e->env_pgdir, (void *)va);
	return 0;
