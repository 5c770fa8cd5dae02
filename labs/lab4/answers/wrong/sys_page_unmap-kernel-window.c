// Takes ULIM for the limit: a program can unmap what the kernel shows it.
// fails: page_unmap

	struct Env *e;
	int r;

	if ((r = envid2env(envid, &e, 1)) < 0)
		return r;
	if (va >= ULIM || va % PGSIZE != 0)
		return -E_INVAL;
	page_remove(e->env_pgdir, (void *)va);
	return 0;
