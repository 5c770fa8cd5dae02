// Checks one thing after the other, and copies word by word.

	const uintptr_t va = utf->utf_fault_va, base = va - PGOFF(va);
	const uint32_t *from = (const uint32_t *)base;
	uint32_t *to = (uint32_t *)PFTEMP;
	bool ours = false;
	int r;

	if (uvpd[PDX(va)] & PTE_P)
		ours = uvpt[PGNUM(va)] & PTE_COW;
	if ((utf->utf_err & FEC_WR) == 0)
		panic("only writes are handled: fault va %08x ip %08x", va,
		      (uint32_t)utf->utf_eip);
	if (!ours)
		panic("not copy-on-write: fault va %08x ip %08x", va,
		      (uint32_t)utf->utf_eip);
	r = sys_page_alloc(sys_getenvid(), to, PTE_P | PTE_W | PTE_U);
	if (r < 0)
		panic("sys_page_alloc: %e", r);
	for (uint32_t i = 0; i < PGSIZE / sizeof(*to); i++)
		to[i] = from[i];
	if ((r = sys_page_map(0, to, 0, (void *)base,
	                      PTE_P | PTE_W | PTE_U)) < 0)
		panic("sys_page_map: %e", r);
	if ((r = sys_page_unmap(0, to)) < 0)
		panic("sys_page_unmap: %e", r);
