// Does not look whether there was a page for the copy.
// fails: copy_on_write

	void *page = (void *)ROUNDDOWN(utf->utf_fault_va, PGSIZE);

	if (!(utf->utf_err & FEC_WR) || !(uvpd[PDX(page)] & PTE_P) ||
	    !(uvpt[PGNUM(page)] & PTE_COW))
		panic("fault va %08x ip %08x is not a write to a shared page",
		      utf->utf_fault_va, (uint32_t)utf->utf_eip);
	sys_page_alloc(0, (void *)PFTEMP, PTE_P | PTE_U | PTE_W);
	memcpy((void *)PFTEMP, page, PGSIZE);
	sys_page_map(0, (void *)PFTEMP, 0, page, PTE_P | PTE_U | PTE_W);
	sys_page_unmap(0, (void *)PFTEMP);
