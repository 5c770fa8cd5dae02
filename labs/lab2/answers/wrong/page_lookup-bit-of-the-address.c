// Tests PTE_P in the virtual address: an aligned one never has it.
// fails: page_lookup
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (!pte || !((uintptr_t)va & PTE_P))
		return NULL;
	if (pte_store)
		*pte_store = pte;
	return pa2page(PTE_ADDR(*pte));
