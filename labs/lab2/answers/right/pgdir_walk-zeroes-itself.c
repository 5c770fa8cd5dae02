// Looks for the table first, and zeroes the page it makes by itself.
	pde_t entry = pgdir[PDX(va)];
	struct PageInfo *table;

	if (entry & PTE_P)
		return &((pte_t *)KADDR(PTE_ADDR(entry)))[PTX(va)];
	if (create == 0)
		return NULL;
	if ((table = page_alloc(0)) == NULL)
		return NULL;
	memset(page2kva(table), 0, PGSIZE);
	table->pp_ref = 1;
	pgdir[PDX(va)] = page2pa(table) + PTE_P + PTE_W + PTE_U;
	return &((pte_t *)page2kva(table))[PTX(va)];
