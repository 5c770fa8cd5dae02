// Rounds `end` as it stands, an array, and keeps a pointer.
	static char *next;
	char *result;

	if (next == NULL)
		next = ROUNDUP(end, PGSIZE);
	result = next;
	if (n > npages * PGSIZE - PADDR(result))
		panic("boot_alloc: no memory left for %u bytes", n);
	next += ROUNDUP(n, PGSIZE);
	return result;
