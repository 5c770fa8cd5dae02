// Takes for granted that there is a free page.
// fails: env_setup_vm

	struct PageInfo *pp = page_alloc(ALLOC_ZERO);

	pp->pp_ref++;
	e->env_pgdir = page2kva(pp);
	memcpy(e->env_pgdir, kern_pgdir, PGSIZE);
	e->env_pgdir[PDX(UVPT)] = PADDR(e->env_pgdir) | PTE_P | PTE_U;
	return 0;
