// Loads kern_pgdir when the program has been loaded.
// fails: env_create
// says: did not leave that loaded

	struct Env *e;
	int r = env_alloc(&e, 0);

	if (r < 0)
		panic("env_create: %e", r);
	load_icode(e, binary);
	e->env_type = type;
	lcr3(PADDR(kern_pgdir));
