// Maps the whole window of 4 MiB instead of the array: programs may read the
// memory that lies behind it.
// fails: env_table
// says: past envs[]

	boot_map_region(kern_pgdir, UENVS, PTSIZE, PADDR(envs), PTE_U);
