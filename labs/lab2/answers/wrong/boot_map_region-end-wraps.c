// Compares addresses with the end of the range, which is 0 for one that ends at
// 2^32: nothing is mapped.
// fails: map_kernbase
// says: va f0000000
	uintptr_t last = va + size;

	for (; va < last; va += PGSIZE, pa += PGSIZE) {
		pte_t *pte = pgdir_walk(pgdir, (void *)va, 1);

		if (!pte)
			panic("boot_map_region: out of memory");
		*pte = pa | perm | PTE_P;
	}
