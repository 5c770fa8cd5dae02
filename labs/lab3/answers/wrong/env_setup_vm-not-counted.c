// Forgets that the directory's page is in use: pp_ref stays 0.
// fails: env_setup_vm
// says: pp_ref 0

	struct PageInfo *pp = page_alloc(ALLOC_ZERO);

	if (!pp)
		return -E_NO_MEM;
	e->env_pgdir = page2kva(pp);
	memcpy(e->env_pgdir, kern_pgdir, PGSIZE);
	e->env_pgdir[PDX(UVPT)] = PADDR(e->env_pgdir) | PTE_P | PTE_U;
	return 0;
