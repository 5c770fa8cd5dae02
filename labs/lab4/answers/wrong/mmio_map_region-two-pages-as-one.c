// Rounds the size up without the offset: a region that crosses a page boundary
// lacks its end.
// fails: memory

	static uintptr_t base = MMIOBASE;
	const uintptr_t offset = pa % PGSIZE;
	const uintptr_t va = base;
	const size_t left = MMIOLIM - base;

	if (size > left || ROUNDUP(size, PGSIZE) > left)
		panic("mmio_map_region: overflow");
	size = ROUNDUP(size, PGSIZE);
	boot_map_region(kern_pgdir, va, size, pa - offset,
	                PTE_PCD | PTE_PWT | PTE_W);
	base += size;
	return (void *)(va + offset);
