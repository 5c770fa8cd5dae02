// Maps one page after the other, counting how many there are.

	static uint32_t used;
	const uint32_t pages_of_window = (MMIOLIM - MMIOBASE) / PGSIZE;
	const uint32_t first = used;
	uint64_t wanted = ((uint64_t)PGOFF(pa) + size + PGSIZE - 1) / PGSIZE;

	if (wanted > pages_of_window - used)
		panic("mmio_map_region: %u pages are left, not the %u for %08x",
		      pages_of_window - used, (uint32_t)wanted, pa);
	for (physaddr_t page = PTE_ADDR(pa); wanted > 0; wanted--) {
		pte_t *pte = pgdir_walk(kern_pgdir,
		                        (void *)(MMIOBASE + used * PGSIZE), 1);

		if (pte == NULL)
			panic("mmio_map_region: out of memory");
		*pte = page | PTE_P | PTE_W | PTE_PWT | PTE_PCD;
		page += PGSIZE;
		used++;
	}
	return (char *)MMIOBASE + first * PGSIZE + PGOFF(pa);
