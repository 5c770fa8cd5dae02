// Does not look whether the window is full.
// fails: memory

	static uintptr_t base = MMIOBASE;
	const uintptr_t offset = pa % PGSIZE;
	const uintptr_t va = base;

	size = ROUNDUP(offset + size, PGSIZE);
	boot_map_region(kern_pgdir, va, size, pa - offset,
	                PTE_PCD | PTE_PWT | PTE_W);
	base += size;
	return (void *)(va + offset);
