// Gives the page back but leaves the entry in the page table.
// fails: page_remove
	struct PageInfo *pp = page_lookup(pgdir, va, NULL);

	if (!pp)
		return;
	page_decref(pp);
	tlb_invalidate(pgdir, va);
