// Looks for the same page by comparing its kernel address with va: they are
// never equal, and the page is freed while it is in use.
// fails: check_page
	pte_t *pte = pgdir_walk(pgdir, va, 1);

	if (!pte)
		return -E_NO_MEM;
	if (page2kva(pp) != va) {
		page_remove(pgdir, va);
		pp->pp_ref++;
	}
	*pte = page2pa(pp) | perm | PTE_P;
	tlb_invalidate(pgdir, va);
	return 0;
