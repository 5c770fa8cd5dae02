// Copies through the kernel's window to physical memory, page by page, so that
// no other page directory need be loaded.

	const struct Program *program = program_of(binary);
	const struct Elf *elf = (const struct Elf *)binary;
	const struct Proghdr *ph = (const struct Proghdr *)(binary +
	                                                    elf->e_phoff);
	const char *reason = elf_check(binary, program->size);
	struct PageInfo *stack;

	if (reason != NULL)
		panic("load_icode: %s: %s", program->name, reason);

	for (int i = 0; i < elf->e_phnum; i++) {
		if (ph[i].p_type != ELF_PROG_LOAD)
			continue;
		region_alloc(e, (void *)ph[i].p_va, ph[i].p_memsz);
		for (uint32_t off = 0; off < ph[i].p_memsz; off++) {
			uintptr_t va = ph[i].p_va + off;
			struct PageInfo *pp = page_lookup(e->env_pgdir,
			                                  (void *)va, NULL);
			uint8_t *byte = (uint8_t *)page2kva(pp) + PGOFF(va);

			*byte = off < ph[i].p_filesz
			                ? binary[ph[i].p_offset + off]
			                : 0;
		}
	}

	e->env_tf.tf_eip = elf->e_entry;
	region_alloc(e, (void *)(USTACKTOP - PGSIZE), PGSIZE);
	stack = page_lookup(e->env_pgdir, (void *)(USTACKTOP - PGSIZE), NULL);
	memset(page2kva(stack), 0, PGSIZE);
