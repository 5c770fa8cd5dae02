// Copies the entry that pte_store leads to into the page table, instead of the
// entry's address out of it.
// fails: page_lookup
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (!pte || !(*pte & PTE_P))
		return NULL;
	struct PageInfo *pp = pa2page(PTE_ADDR(*pte));
	if (pte_store)
		*pte = (pte_t)*pte_store;
	return pp;
