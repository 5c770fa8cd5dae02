// Uses the kernel's own page directory for every environment.
// fails: env_setup_vm

	struct PageInfo *pp = page_alloc(ALLOC_ZERO);

	if (!pp)
		return -E_NO_MEM;
	pp->pp_ref++;
	e->env_pgdir = kern_pgdir;
	e->env_pgdir[PDX(UVPT)] = PADDR(e->env_pgdir) | PTE_P | PTE_U;
	return 0;
