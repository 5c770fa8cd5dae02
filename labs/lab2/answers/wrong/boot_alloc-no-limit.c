// Never asks whether there is so much memory.
// fails: boot_alloc_limit
// says: was not refused
	static char *next;
	char *result;

	if (!next)
		next = ROUNDUP((char *)end, PGSIZE);
	result = next;
	next = ROUNDUP(next + n, PGSIZE);
	return result;
