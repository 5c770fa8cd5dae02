// Maps page by page with page_insert, which counts references to pages that
// belong to the kernel.
// fails: page_references memory_sizes
// says: is wrong; the page is part of the kernel
	for (size_t i = 0; i < npages * sizeof(*pages); i += PGSIZE)
		page_insert(kern_pgdir, pa2page(PADDR(pages) + i),
		            (void *)(UPAGES + i), PTE_U);
