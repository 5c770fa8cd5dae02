// Mapped for the kernel, to write, instead of for programs, to read.
// fails: env_table
// says: envs[] at UENVS

	boot_map_region(kern_pgdir, UENVS,
	                ROUNDUP(NENV * sizeof(*envs), PGSIZE), PADDR(envs),
	                PTE_W);
