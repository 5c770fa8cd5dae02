// Passes on all bits of the entry, also those that the processor sets.
// fails: duppage

	void *va = (void *)(pn * PGSIZE);
	int perm = PGOFF(uvpt[pn]);
	bool writable = perm & PTE_W;
	int r;

	if (writable)
		perm = (perm & ~PTE_W) | PTE_COW;
	r = sys_page_map(0, va, envid, va, perm);
	if (r < 0 || !writable)
		return r;
	return sys_page_map(0, va, 0, va, perm);
