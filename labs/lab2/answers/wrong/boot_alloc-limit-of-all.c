// Compares n with all of memory, not with what is left of it.
// fails: boot_alloc_limit
// says: past the end of memory was not refused
	static char *next;
	char *result;

	if (!next)
		next = ROUNDUP((char *)end, PGSIZE);
	if (n >= npages * PGSIZE)
		panic("boot_alloc: out of memory");
	result = next;
	next += ROUNDUP(n, PGSIZE);
	return result;
