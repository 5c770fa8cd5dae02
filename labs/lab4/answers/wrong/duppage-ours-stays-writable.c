// Leaves its own mapping as it was.
// fails: duppage

	void *va = (void *)(pn * PGSIZE);
	int perm = uvpt[pn] & PTE_SYSCALL;

	if (perm & PTE_W)
		perm = (perm & ~PTE_W) | PTE_COW;
	return sys_page_map(0, va, envid, va, perm);
