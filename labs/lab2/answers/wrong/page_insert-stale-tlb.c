// Replaces the old mapping by itself, without a word to the TLB.
// fails: check_page_installed_pgdir
// says: the TLB still shows the old one
	pte_t *pte = pgdir_walk(pgdir, va, 1);
	struct PageInfo *old;

	if (!pte)
		return -E_NO_MEM;
	pp->pp_ref++;
	old = page_lookup(pgdir, va, NULL);
	if (old)
		page_decref(old);
	*pte = page2pa(pp) | perm | PTE_P;
	return 0;
