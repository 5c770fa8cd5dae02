// A walk for each page, counted down.
	size_t left = size / PGSIZE;

	while (left-- > 0) {
		pte_t *pte = pgdir_walk(pgdir, (const void *)va, 1);

		assert(pte);
		*pte = PTE_ADDR(pa) | (perm & (PGSIZE - 1)) | PTE_P;
		va += PGSIZE;
		pa += PGSIZE;
	}
