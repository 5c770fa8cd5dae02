// Programs may write envs[], and with it their own status, type and registers.
// fails: env_table
// says: envs[] at UENVS

	boot_map_region(kern_pgdir, UENVS,
	                ROUNDUP(NENV * sizeof(*envs), PGSIZE), PADDR(envs),
	                PTE_U | PTE_W);
