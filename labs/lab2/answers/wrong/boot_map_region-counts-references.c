// Counts a reference for every page of memory that it maps.
// fails: boot_map_region page_references
// says: is 1 instead of 0
	for (size_t i = 0; i < size; i += PGSIZE) {
		pte_t *pte = pgdir_walk(pgdir, (void *)(va + i), 1);

		if (!pte)
			panic("boot_map_region: out of memory");
		*pte = (pa + i) | perm | PTE_P;
		if (PGNUM(pa + i) < npages)
			pa2page(pa + i)->pp_ref++;
	}
