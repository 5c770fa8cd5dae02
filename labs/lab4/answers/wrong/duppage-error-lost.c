// Forgets the error of the first call when the second succeeds.
// fails: duppage

	void *va = (void *)(pn * PGSIZE);
	int perm = uvpt[pn] & PTE_SYSCALL;
	bool writable = perm & PTE_W;
	int r;

	if (writable)
		perm = (perm & ~PTE_W) | PTE_COW;
	r = sys_page_map(0, va, envid, va, perm);
	if (writable)
		r = sys_page_map(0, va, 0, va, perm);
	return r;
