// Stores only when there is nowhere to store.
// fails: page_lookup
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (!pte || !(*pte & PTE_P))
		return NULL;
	if (!pte_store)
		*pte_store = pte;
	return pa2page(PTE_ADDR(*pte));
