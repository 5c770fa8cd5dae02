// Takes the size of the pointer `envs` for that of an element: only the first
// page of the array is mapped.
// fails: env_table
// says: envs[] at UENVS

	boot_map_region(kern_pgdir, UENVS,
	                ROUNDUP(NENV * sizeof(envs), PGSIZE), PADDR(envs),
	                PTE_U);
