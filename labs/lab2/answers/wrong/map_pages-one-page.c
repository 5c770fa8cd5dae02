// Maps the array by page_insert, which maps a single page.
// fails: map_pages check_kern_pgdir
// says: va ef001000
	page_insert(kern_pgdir, pa2page(PADDR(pages)), (void *)UPAGES, PTE_U);
