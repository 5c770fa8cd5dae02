// Looks at the numbers first and at the environments last; which error comes
// first is left open.

	struct PageInfo *page;
	struct Env *from, *to;
	pte_t *entry;

	if ((perm & ~PTE_SYSCALL) || !(perm & PTE_P) || !(perm & PTE_U))
		return -E_INVAL;
	if ((srcva | dstva) & (PGSIZE - 1))
		return -E_INVAL;
	if (MAX(srcva, dstva) >= UTOP)
		return -E_INVAL;
	if (envid2env(dstenvid, &to, true) != 0)
		return -E_BAD_ENV;
	if (envid2env(srcenvid, &from, true) != 0)
		return -E_BAD_ENV;
	page = page_lookup(from->env_pgdir, (void *)srcva, &entry);
	if (page == NULL)
		return -E_INVAL;
	if ((perm & PTE_W) && !(*entry & PTE_W))
		return -E_INVAL;
	return page_insert(to->env_pgdir, page, (void *)dstva, perm) == 0
	               ? 0
	               : -E_NO_MEM;
