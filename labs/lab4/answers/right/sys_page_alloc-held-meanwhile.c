// Holds a reference to the page while it is mapped; if that fails, giving the
// reference back frees the page.

	struct Env *e;
	struct PageInfo *pp;
	int r = envid2env(envid, &e, true);

	if (r < 0)
		return r;
	if (!(perm & PTE_U) || !(perm & PTE_P) ||
	    (perm | PTE_SYSCALL) != PTE_SYSCALL)
		return -E_INVAL;
	if (va != ROUNDDOWN(va, PGSIZE) || va > UTOP - PGSIZE)
		return -E_INVAL;
	pp = page_alloc(ALLOC_ZERO);
	if (pp == NULL)
		return -E_NO_MEM;
	pp->pp_ref = 1;
	r = page_insert(e->env_pgdir, pp, (void *)va, perm);
	page_decref(pp);
	return r;
