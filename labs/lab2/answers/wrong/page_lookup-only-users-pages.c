// Finds only pages that user code may use.
// fails: page_lookup
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (!pte || (*pte & (PTE_P | PTE_U)) != (PTE_P | PTE_U))
		return NULL;
	if (pte_store)
		*pte_store = pte;
	return pa2page(PTE_ADDR(*pte));
