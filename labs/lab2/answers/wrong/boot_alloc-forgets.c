// `next` is not static: every call starts at `end` again.
// fails: check_page_free_list free_list
// says: boot_alloc
	char *next = ROUNDUP((char *)end, PGSIZE);
	char *result = next;

	if (n > npages * PGSIZE - PADDR(result))
		panic("boot_alloc: out of memory");
	next += ROUNDUP(n, PGSIZE);
	return result;
