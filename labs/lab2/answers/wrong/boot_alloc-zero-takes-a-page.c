// Gives out a page for n = 0 as well, so that each look at the end moves it.
// fails: check_page_free_list free_list
// says: boot_alloc(0)
	static char *next;
	char *result;

	if (!next)
		next = ROUNDUP((char *)end, PGSIZE);
	result = next;
	if (n > npages * PGSIZE - PADDR(result))
		panic("boot_alloc: out of memory");
	next += n / PGSIZE * PGSIZE + PGSIZE;
	return result;
