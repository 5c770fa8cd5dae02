// A page that is PTE_COW already is taken for one that may only be read: the
// other loses the mark, and cannot write to it any more.
// fails: duppage

	void *va = (void *)(pn * PGSIZE);
	int r;

	if (!(uvpt[pn] & PTE_W))
		return sys_page_map(0, va, envid, va, PTE_P | PTE_U);
	r = sys_page_map(0, va, envid, va,
	                 (uvpt[pn] & PTE_SYSCALL & ~PTE_W) | PTE_COW);
	if (r < 0)
		return r;
	return sys_page_map(0, va, 0, va,
	                    (uvpt[pn] & PTE_SYSCALL & ~PTE_W) | PTE_COW);
