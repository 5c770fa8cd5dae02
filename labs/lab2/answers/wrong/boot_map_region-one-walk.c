// Walks once and then counts the entries up, past the end of the page table
// when the range has more than one.
// fails: boot_map_region map_kernbase
	pte_t *pte = pgdir_walk(pgdir, (void *)va, 1);

	if (!pte)
		panic("boot_map_region: out of memory");
	for (size_t i = 0; i < size / PGSIZE; i++)
		pte[i] = (pa + i * PGSIZE) | perm | PTE_P;
