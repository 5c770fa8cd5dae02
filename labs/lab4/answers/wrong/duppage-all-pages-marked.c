// Marks read-only pages PTE_COW, too: a program can write to its constants.
// fails: duppage

	void *va = (void *)(pn * PGSIZE);
	int perm = (uvpt[pn] & PTE_SYSCALL & ~PTE_W) | PTE_COW;
	int r = sys_page_map(0, va, envid, va, perm);

	if (r < 0)
		return r;
	return sys_page_map(0, va, 0, va, perm);
