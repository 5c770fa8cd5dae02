// Adds before it compares: a huge n wraps round, and looks as if it fitted.
// fails: boot_alloc_limit
// says: past the end of the address space was not refused
	static uintptr_t next;
	uintptr_t result;

	if (next == 0)
		next = ROUNDUP((uintptr_t)end, PGSIZE) - KERNBASE;
	result = next;
	if (result + ROUNDUP(n, PGSIZE) > npages * PGSIZE)
		panic("boot_alloc: out of memory");
	next += ROUNDUP(n, PGSIZE);
	return (void *)(result + KERNBASE);
