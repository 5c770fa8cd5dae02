// Compares a kernel address with a number of bytes of physical memory: it is
// always larger.
// fails: check_page_free_list
// says: boot_alloc
	static char *next;
	char *result;

	if (!next)
		next = ROUNDUP((char *)end, PGSIZE);
	result = next;
	next = ROUNDUP(next + n, PGSIZE);
	if ((uintptr_t)next > npages * PGSIZE)
		panic("boot_alloc: not enough memory");
	return result;
