// Goes through the cases, and maps its own page anew also when it is PTE_COW.

	const pte_t pte = uvpt[pn];
	void *va = (void *)(pn << PGSHIFT);
	int r, perm = PTE_P | PTE_U | (pte & PTE_AVAIL);

	switch (pte & (PTE_W | PTE_COW)) {
	case 0:
		return sys_page_map(0, va, envid, va, perm);
	default:
		perm |= PTE_COW;
		r = sys_page_map(0, va, envid, va, perm);
		if (r == 0)
			r = sys_page_map(0, va, sys_getenvid(), va, perm);
		return r;
	}
