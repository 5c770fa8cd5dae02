// Leaves the entry at UVPT as in kern_pgdir: programs see the kernel's
// directory there instead of their own.
// fails: env_setup_vm
// says: directory entry 957

	struct PageInfo *pp = page_alloc(ALLOC_ZERO);

	if (!pp)
		return -E_NO_MEM;
	pp->pp_ref++;
	e->env_pgdir = page2kva(pp);
	memcpy(e->env_pgdir, kern_pgdir, PGSIZE);
	return 0;
