// Starts right at `end`, which is no page boundary.
// fails: check_page_free_list free_list free_list_sizes
// says: boot_alloc
	static uintptr_t next;
	uintptr_t result;

	if (next == 0)
		next = (uintptr_t)end;
	result = next;
	if (n > npages * PGSIZE - (result - KERNBASE))
		panic("boot_alloc: out of memory");
	next += ROUNDUP(n, PGSIZE);
	return (void *)result;
