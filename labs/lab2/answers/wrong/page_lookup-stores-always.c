// Stores without asking whether the caller wants it.
// fails: page_lookup
// says: page_lookup wrote through a NULL pointer
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (!pte || !(*pte & PTE_P))
		return NULL;
	*pte_store = pte;
	return pa2page(PTE_ADDR(*pte));
