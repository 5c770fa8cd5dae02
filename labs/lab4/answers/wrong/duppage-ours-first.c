// Changes its own mapping first: when the other cannot be made, it stays.
// fails: duppage

	void *va = (void *)(pn * PGSIZE);
	int perm = uvpt[pn] & PTE_SYSCALL;
	bool writable = perm & PTE_W;
	int r;

	if (writable)
		perm = (perm & ~PTE_W) | PTE_COW;
	if (writable) {
		r = sys_page_map(0, va, 0, va, perm);
		if (r < 0)
			return r;
	}
	return sys_page_map(0, va, envid, va, perm);
