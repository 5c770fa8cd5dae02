// Stores the entry's address before it knows whether a page is mapped.
// fails: page_lookup
// says: page_lookup stored an entry though it found no page
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (pte_store)
		*pte_store = pte;
	if (!pte || !(*pte & PTE_P))
		return NULL;
	return pa2page(PTE_ADDR(*pte));
