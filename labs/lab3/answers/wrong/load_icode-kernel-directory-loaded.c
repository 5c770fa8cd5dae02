// Copies while the kernel's page directory is loaded, where nothing is mapped
// at the program's addresses.
// fails: load_icode

	const struct Program *program = program_of(binary);
	const char *reason = elf_check(binary, program->size);
	struct Elf *elf = (struct Elf *)binary;
	struct Proghdr *ph, *eph;

	if (reason)
		panic("load_icode: %s: %s", program->name, reason);

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

	e->env_tf.tf_eip = elf->e_entry;
