// Rounds up first, and compares what may have passed 2^32.
// fails: memory

	static uintptr_t base = MMIOBASE;
	const uintptr_t offset = pa % PGSIZE;
	const uintptr_t va = base;
	const size_t left = MMIOLIM - base;

	size = ROUNDUP(offset + size, PGSIZE);
	if (size > left)
		panic("mmio_map_region: overflow");
	boot_map_region(kern_pgdir, va, size, pa - offset,
	                PTE_PCD | PTE_PWT | PTE_W);
	base += size;
	return (void *)(va + offset);
