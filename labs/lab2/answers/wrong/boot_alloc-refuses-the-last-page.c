// Refuses an allocation that would take all that is left.
// fails: boot_alloc_limit
// says: boot_alloc refused memory that there is
	static uintptr_t next;
	uintptr_t result;

	if (next == 0)
		next = ROUNDUP((uintptr_t)end, PGSIZE);
	result = next;
	if (ROUNDUP(n, PGSIZE) < n ||
	    ROUNDUP(n, PGSIZE) >= npages * PGSIZE - (result - KERNBASE))
		panic("boot_alloc: out of memory");
	next += ROUNDUP(n, PGSIZE);
	return (void *)result;
