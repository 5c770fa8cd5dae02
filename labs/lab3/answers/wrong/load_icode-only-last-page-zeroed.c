// Zeroes the rest of the page in which the file's bytes end, and no page after
// that.
// fails: testbss

	const struct Program *program = program_of(binary);
	const char *reason = elf_check(binary, program->size);
	struct Elf *elf = (struct Elf *)binary;
	struct Proghdr *ph, *eph;
	uint32_t cr3 = rcr3();

	if (reason)
		panic("load_icode: %s: %s", program->name, reason);

	lcr3(PADDR(e->env_pgdir));
	ph = (struct Proghdr *)(binary + elf->e_phoff);
	eph = ph + elf->e_phnum;
	for (; ph < eph; ph++) {
		if (ph->p_type != ELF_PROG_LOAD)
			continue;
		region_alloc(e, (void *)ph->p_va, ph->p_memsz);
		memcpy((void *)ph->p_va, binary + ph->p_offset, ph->p_filesz);
		if (ph->p_memsz > ph->p_filesz) {
			uintptr_t end = ph->p_va + ph->p_filesz;
			uintptr_t stop = MIN(ROUNDUP(end, PGSIZE),
			                     ph->p_va + ph->p_memsz);

			memset((void *)end, 0, stop - end);
		}
	}
	region_alloc(e, (void *)(USTACKTOP - PGSIZE), PGSIZE);
	memset((void *)(USTACKTOP - PGSIZE), 0, PGSIZE);
	lcr3(cr3);

	e->env_tf.tf_eip = elf->e_entry;
