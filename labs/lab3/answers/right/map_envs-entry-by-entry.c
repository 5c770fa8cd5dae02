// Writes the page-table entries one by one, which is what boot_map_region
// does.

	uint8_t *array = (uint8_t *)envs;
	uintptr_t va = UENVS;

	while (array < (uint8_t *)(envs + NENV)) {
		pte_t *pte = pgdir_walk(kern_pgdir, (void *)va, 1);

		if (!pte)
			panic("map_envs: no page table");
		*pte = PADDR(array) | PTE_U | PTE_P;
		array += PGSIZE;
		va += PGSIZE;
	}
