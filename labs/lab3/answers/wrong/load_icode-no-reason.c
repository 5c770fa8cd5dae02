// Panics, but says neither which program it is nor what is wrong with it.
// fails: image_checks
// says: instead of "load_icode: bad

	const struct Program *program = program_of(binary);
	const char *reason = elf_check(binary, program->size);
	struct Elf *elf = (struct Elf *)binary;
	struct Proghdr *ph, *eph;
	uint32_t cr3 = rcr3();

	if (reason)
		panic("load_icode: bad image");

	lcr3(PADDR(e->env_pgdir));
	ph = (struct Proghdr *)(binary + elf->e_phoff);
	eph = ph + elf->e_phnum;
	for (; ph < eph; ph++) {
		if (ph->p_type != ELF_PROG_LOAD)
			continue;
		region_alloc(e, (void *)ph->p_va, ph->p_memsz);
		memset((void *)ph->p_va, 0, ph->p_memsz);
		memcpy((void *)ph->p_va, binary + ph->p_offset, ph->p_filesz);
	}
	region_alloc(e, (void *)(USTACKTOP - PGSIZE), PGSIZE);
	memset((void *)(USTACKTOP - PGSIZE), 0, PGSIZE);
	lcr3(cr3);

	e->env_tf.tf_eip = elf->e_entry;
