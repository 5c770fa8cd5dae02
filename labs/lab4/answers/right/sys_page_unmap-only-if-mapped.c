// Looks whether there is a page before it unmaps it.

	struct Env *e;

	if (envid2env(envid, &e, true) != 0)
		return -E_BAD_ENV;
	if (va > UTOP - PGSIZE || PGOFF(va) != 0)
		return -E_INVAL;
	if (page_lookup(e->env_pgdir, (void *)va, NULL) != NULL)
		page_remove(e->env_pgdir, (void *)va);
	return 0;
