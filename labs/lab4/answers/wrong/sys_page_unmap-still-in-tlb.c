// Does not tell the processor that the entry has changed.
// fails: page_unmap

	struct Env *e;
	int r;

	if ((r = envid2env(envid, &e, 1)) < 0)
		return r;
	if (va >= UTOP || va % PGSIZE != 0)
		return -E_INVAL;
	struct PageInfo *pp;
	pte_t *pte;

	if ((pp = page_lookup(e->env_pgdir, (void *)va, &pte))) {
		*pte = 0;
		page_decref(pp);
	}
	return 0;
