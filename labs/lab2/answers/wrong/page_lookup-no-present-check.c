// Never asks whether the entry is present, and finds page 0 where nothing is
// mapped.
// fails: page_lookup
// says: page_lookup found a page where none is mapped
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (!pte)
		return NULL;
	if (pte_store)
		*pte_store = pte;
	return pa2page(PTE_ADDR(*pte));
