// Compares with the kernel address where memory ends, which is 2^32, and so 0,
// on a machine with 256 MiB.
// fails: memory_sizes
// says: boot_alloc
	static uintptr_t next;
	uintptr_t result;
	uintptr_t top = KERNBASE + npages * PGSIZE;

	if (next == 0)
		next = ROUNDUP((uintptr_t)end, PGSIZE);
	result = next;
	if (result > top || n > top - result)
		panic("boot_alloc: out of memory");
	next += ROUNDUP(n, PGSIZE);
	return (void *)result;
