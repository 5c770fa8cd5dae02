// Limits one allocation to what was left at first, not to what is left now.
// fails: boot_alloc_limit
// says: past the end of memory was not refused
	static uintptr_t next, left;
	uintptr_t result;

	if (next == 0) {
		next = ROUNDUP((uintptr_t)end, PGSIZE);
		left = npages * PGSIZE - (next - KERNBASE);
	}
	result = next;
	if (n > left)
		panic("boot_alloc: out of memory");
	next += ROUNDUP(n, PGSIZE);
	return (void *)result;
