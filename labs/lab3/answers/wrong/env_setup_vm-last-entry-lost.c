// Copies one entry too few: the last 4 MiB of the kernel are missing, which
// shows only with 256 MiB of memory.
// fails: env_setup_vm
// says: directory entry 1023

	struct PageInfo *pp = page_alloc(ALLOC_ZERO);

	if (!pp)
		return -E_NO_MEM;
	pp->pp_ref++;
	e->env_pgdir = page2kva(pp);
	for (int i = PDX(UTOP); i < NPDENTRIES - 1; i++)
		e->env_pgdir[i] = kern_pgdir[i];
	e->env_pgdir[PDX(UVPT)] = PADDR(e->env_pgdir) | PTE_P | PTE_U;
	return 0;
