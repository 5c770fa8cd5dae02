// Maps the kernel once more instead of taking its page tables: what the kernel
// maps later is not seen, and every environment costs the memory again.
// fails: env_setup_vm
// says: directory entry 955

	struct PageInfo *pp = page_alloc(ALLOC_ZERO);

	if (!pp)
		return -E_NO_MEM;
	pp->pp_ref++;
	e->env_pgdir = page2kva(pp);
	boot_map_region(e->env_pgdir, UPAGES,
	                ROUNDUP(npages * sizeof(*pages), PGSIZE), PADDR(pages),
	                PTE_U);
	boot_map_region(e->env_pgdir, UENVS,
	                ROUNDUP(NENV * sizeof(*envs), PGSIZE), PADDR(envs),
	                PTE_U);
	boot_map_region(e->env_pgdir, KSTACKTOP - KSTKSIZE, KSTKSIZE,
	                PADDR(bootstack), PTE_W);
	boot_map_region(e->env_pgdir, KERNBASE, -(size_t)KERNBASE, 0, PTE_W);
	e->env_pgdir[PDX(UVPT)] = PADDR(e->env_pgdir) | PTE_P | PTE_U;
	return 0;
