// Copies all of kern_pgdir: it maps nothing below UTOP either.

	struct PageInfo *pp = page_alloc(0);

	if (pp == NULL)
		return -E_NO_MEM;
	e->env_pgdir = (pde_t *)page2kva(pp);
	pp->pp_ref = 1;
	memcpy(e->env_pgdir, kern_pgdir, PGSIZE);
	e->env_pgdir[PDX(UVPT)] = page2pa(pp) | PTE_U | PTE_P;
	return 0;
