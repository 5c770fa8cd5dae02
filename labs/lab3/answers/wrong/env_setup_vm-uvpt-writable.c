// Programs may write their own page tables, and so map any memory.
// fails: env_setup_vm
// says: directory entry 957

	struct PageInfo *pp = page_alloc(ALLOC_ZERO);

	if (!pp)
		return -E_NO_MEM;
	pp->pp_ref++;
	e->env_pgdir = page2kva(pp);
	memcpy(e->env_pgdir, kern_pgdir, PGSIZE);
	e->env_pgdir[PDX(UVPT)] = page2pa(pp) | PTE_P | PTE_W | PTE_U;
	return 0;
