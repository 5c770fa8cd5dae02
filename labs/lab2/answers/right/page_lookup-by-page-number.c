// Leaves the entry's flags to PGNUM, which drops them.
	pte_t *pte = pgdir_walk(pgdir, va, 0);
	struct PageInfo *pp = NULL;

	if (pte != NULL && (*pte & PTE_P) != 0) {
		pp = &pages[PGNUM(*pte)];
		if (pte_store != NULL)
			*pte_store = pte;
	}
	return pp;
