// Does not ask whether the environment is the caller's.
// fails: page_alloc

	struct Env *e;
	struct PageInfo *pp;
	int r;

	if ((r = envid2env(envid, &e, 0)) < 0)
		return r;
	if (va >= UTOP || va % PGSIZE != 0)
		return -E_INVAL;
	if (!(perm & PTE_U) || !(perm & PTE_P) || (perm & ~PTE_SYSCALL))
		return -E_INVAL;
	if (!(pp = page_alloc(ALLOC_ZERO)))
		return -E_NO_MEM;
	if ((r = page_insert(e->env_pgdir, pp, (void *)va, perm)) < 0) {
		page_free(pp);
		return r;
	}
	return 0;
