// Uses page_insert, which counts references: memory of boot_alloc belongs to
// no mapping, and its pp_ref is 0 for good.
// fails: env_table page_leaks

	size_t size = ROUNDUP(NENV * sizeof(*envs), PGSIZE);

	for (size_t off = 0; off < size; off += PGSIZE)
		if (page_insert(kern_pgdir, pa2page(PADDR(envs) + off),
		                (void *)(UENVS + off), PTE_U) < 0)
			panic("map_envs: out of memory");
