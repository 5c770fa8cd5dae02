// Unmaps the page in which the address lies instead of refusing it.
// fails: page_unmap

	struct Env *e;
	int r;

	if ((r = envid2env(envid, &e, 1)) < 0)
		return r;
	if (va >= UTOP)
		return -E_INVAL;
	page_remove(e->env_pgdir, (void *)ROUNDDOWN(va, PGSIZE));
	return 0;
