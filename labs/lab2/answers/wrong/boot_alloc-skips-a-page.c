// Always goes on to the page after `end`, and so loses the page between.
// fails: free_list free_list_sizes
// says: boot_alloc left a gap between the kernel and `kern_pgdir`
	static uintptr_t next;
	uintptr_t result;

	if (next == 0)
		next = ((uintptr_t)end / PGSIZE + 2) * PGSIZE;
	result = next;
	if (n > npages * PGSIZE - (result - KERNBASE))
		panic("boot_alloc: out of memory");
	next += ROUNDUP(n, PGSIZE);
	return (void *)result;
