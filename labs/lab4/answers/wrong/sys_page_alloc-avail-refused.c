// Refuses the bits that are the program's own, PTE_AVAIL.
// fails: page_alloc

	struct Env *e;
	struct PageInfo *pp;
	int r;

	if ((r = envid2env(envid, &e, 1)) < 0)
		return r;
	if (va >= UTOP || va % PGSIZE != 0)
		return -E_INVAL;
	if (!(perm & PTE_U) || !(perm & PTE_P) ||
	    (perm & ~(PTE_U | PTE_W | PTE_P)))
		return -E_INVAL;
	if (!(pp = page_alloc(ALLOC_ZERO)))
		return -E_NO_MEM;
	if ((r = page_insert(e->env_pgdir, pp, (void *)va, perm)) < 0) {
		page_free(pp);
		return r;
	}
	return 0;
