// Writes through the NULL that pgdir_walk returns without memory.
// fails: no_page_table
// says: a mapping without a page for its page table was not refused
	for (size_t i = 0; i < size; i += PGSIZE) {
		pte_t *pte = pgdir_walk(pgdir, (void *)(va + i), 1);

		*pte = (pa + i) | perm | PTE_P;
	}
