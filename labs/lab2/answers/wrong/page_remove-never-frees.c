// Counts the reference down, but leaves the page where it is when that was the
// last: it is lost.
// fails: page_remove
	pte_t *pte;
	struct PageInfo *pp = page_lookup(pgdir, va, &pte);

	if (!pp)
		return;
	pp->pp_ref--;
	*pte = 0;
	tlb_invalidate(pgdir, va);
