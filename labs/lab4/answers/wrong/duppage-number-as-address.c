// Takes the page's number for its address.
// fails: duppage

	void *va = (void *)(uintptr_t)pn;
	int perm = uvpt[pn] & PTE_SYSCALL;
	bool writable = perm & PTE_W;
	int r;

	if (writable)
		perm = (perm & ~PTE_W) | PTE_COW;
	r = sys_page_map(0, va, envid, va, perm);
	if (r < 0 || !writable)
		return r;
	return sys_page_map(0, va, 0, va, perm);
