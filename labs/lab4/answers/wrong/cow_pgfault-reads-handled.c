// Does not look whether the fault was a write.
// fails: copy_on_write

	const int perm = PTE_P | PTE_U | PTE_W;
	void *page = (void *)ROUNDDOWN(utf->utf_fault_va, PGSIZE);
	int r;

	if (!(uvpd[PDX(page)] & PTE_P) ||
	    !(uvpt[PGNUM(page)] & PTE_COW))
		panic("fault va %08x ip %08x is not a write to a shared page",
		      utf->utf_fault_va, (uint32_t)utf->utf_eip);

	r = sys_page_alloc(0, (void *)PFTEMP, perm);
	if (r < 0)
		panic("no page for a copy: %e", r);
	memcpy((void *)PFTEMP, page, PGSIZE);
	r = sys_page_map(0, (void *)PFTEMP, 0, page, perm);
	if (r < 0)
		panic("cannot map a copy: %e", r);
	r = sys_page_unmap(0, (void *)PFTEMP);
	if (r < 0)
		panic("cannot unmap a copy: %e", r);
