// Leaves a page between one allocation and the next.
// fails: check_page_free_list free_list
// says: what was allocated ends at
	static uintptr_t next;
	uintptr_t result;

	if (next == 0)
		next = ROUNDUP((uintptr_t)end, PGSIZE);
	result = next;
	if (n > npages * PGSIZE - (result - KERNBASE))
		panic("boot_alloc: out of memory");
	if (n > 0)
		next = ROUNDDOWN(result + n, PGSIZE) + PGSIZE;
	return (void *)result;
