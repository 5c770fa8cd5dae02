// Maps the page with the rights that it has at the source.
// fails: page_map

	struct Env *src, *dst;
	struct PageInfo *pp;
	pte_t *pte;
	int r;

	if ((r = envid2env(srcenvid, &src, 1)) < 0)
		return r;
	if ((r = envid2env(dstenvid, &dst, 1)) < 0)
		return r;
	if (srcva >= UTOP || srcva % PGSIZE != 0)
		return -E_INVAL;
	if (dstva >= UTOP || dstva % PGSIZE != 0)
		return -E_INVAL;
	if (!(perm & PTE_U) || !(perm & PTE_P) || (perm & ~PTE_SYSCALL))
		return -E_INVAL;
	pp = page_lookup(src->env_pgdir, (void *)srcva, &pte);
	if (!pp)
		return -E_INVAL;
	if ((perm & PTE_W) && !(*pte & PTE_W))
		return -E_INVAL;
	return page_insert(dst->env_pgdir, pp, (void *)dstva,
	                   PGOFF(*pte));
