// Asks whether the entry is 0 instead of whether it is present.
// fails: page_lookup
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (!pte || *pte == 0)
		return NULL;
	if (pte_store)
		*pte_store = pte;
	return pa2page(PTE_ADDR(*pte));
