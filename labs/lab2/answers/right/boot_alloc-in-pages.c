// Counts in page numbers, and gives out memory that is zeroed, as callers may
// not rely on.
	static size_t taken;
	size_t count = n / PGSIZE + (n % PGSIZE != 0);
	char *result;

	if (taken == 0)
		taken = (PADDR(end) + PGSIZE - 1) / PGSIZE;
	if (taken > npages || count > npages - taken)
		panic("boot_alloc: %u pages wanted, %u left", (uint32_t)count,
		      (uint32_t)(npages - taken));
	result = KADDR(0) + taken * PGSIZE;
	memset(result, 0, count * PGSIZE);
	taken += count;
	return result;
