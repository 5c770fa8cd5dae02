// Marks the page PTE_COW but leaves it writable: who writes does not fault.
// fails: duppage

	void *va = (void *)(pn * PGSIZE);
	int perm = uvpt[pn] & PTE_SYSCALL;
	bool writable = perm & PTE_W;
	int r;

	if (writable)
		perm = perm | PTE_COW;
	r = sys_page_map(0, va, envid, va, perm);
	if (r < 0 || !writable)
		return r;
	return sys_page_map(0, va, 0, va, perm);
