// Walks with create set, and so makes a page table for every address asked for.
// fails: page_lookup
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (!pte || !(*pte & PTE_P))
		return NULL;
	if (pte_store)
		*pte_store = pte;
	return pa2page(PTE_ADDR(*pte));
