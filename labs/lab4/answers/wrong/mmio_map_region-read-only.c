// Lets the kernel read the registers, but not write them.
// fails: memory

	static uintptr_t base = MMIOBASE;
	const uintptr_t offset = pa % PGSIZE;
	const uintptr_t va = base;
	const size_t left = MMIOLIM - base;

	if (size > left || ROUNDUP(offset + size, PGSIZE) > left)
		panic("mmio_map_region: overflow");
	size = ROUNDUP(offset + size, PGSIZE);
	boot_map_region(kern_pgdir, va, size, pa - offset,
	                PTE_PCD | PTE_PWT);
	base += size;
	return (void *)(va + offset);
