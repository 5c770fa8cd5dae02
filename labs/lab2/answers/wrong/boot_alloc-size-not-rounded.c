// Rounds the start but not the size: what follows an allocation of an odd size
// is not on a page boundary.
// fails: free_list_sizes
// says: boot_alloc
	static char *next;
	char *result;

	if (!next)
		next = ROUNDUP((char *)end, PGSIZE);
	result = next;
	if (n > npages * PGSIZE - PADDR(result))
		panic("boot_alloc: out of memory");
	next += n;
	return result;
