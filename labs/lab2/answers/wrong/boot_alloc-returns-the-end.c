// Returns where the allocation ends instead of where it starts.
// fails: check_page_free_list free_list
// says: boot_alloc
	static char *next;

	if (!next)
		next = ROUNDUP((char *)end, PGSIZE);
	if (n > npages * PGSIZE - PADDR(next))
		panic("boot_alloc: out of memory");
	next = ROUNDUP(next + n, PGSIZE);
	return next;
