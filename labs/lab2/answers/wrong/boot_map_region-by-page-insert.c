// Maps by page_insert, which counts references and knows no page that is not
// memory.
// fails: boot_map_region page_references
	for (size_t i = 0; i < size; i += PGSIZE)
		if (page_insert(pgdir, pa2page(pa + i), (void *)(va + i), perm))
			panic("boot_map_region: out of memory");
