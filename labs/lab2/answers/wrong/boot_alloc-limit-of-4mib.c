// Takes the first 4 MiB for all that is mapped, as they were once, and refuses
// what this machine's memory could hold.
// fails: boot_alloc_limit
// says: boot_alloc refused memory that there is
	static char *next;
	char *result;

	if (!next)
		next = ROUNDUP((char *)end, PGSIZE);
	if (n > PTSIZE - PADDR(next))
		panic("boot_alloc: out of memory");
	result = next;
	next += ROUNDUP(n, PGSIZE);
	return result;
