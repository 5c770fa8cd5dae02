// Maps the page in the caller's address space, whoever it is for.
// fails: page_alloc dumbfork

	struct Env *e;
	struct PageInfo *pp;
	int r;

	if ((r = envid2env(envid, &e, 1)) < 0)
		return r;
	if (va >= UTOP || va % PGSIZE != 0)
		return -E_INVAL;
	if (!(perm & PTE_U) || !(perm & PTE_P) || (perm & ~PTE_SYSCALL))
		return -E_INVAL;
	if (!(pp = page_alloc(ALLOC_ZERO)))
		return -E_NO_MEM;
	if ((r = page_insert(curenv->env_pgdir, pp, (void *)va, perm)) < 0) {
		page_free(pp);
		return r;
	}
	return 0;
