// Enters the stack page into the page directory, where a page table belongs.
// fails: load_icode

	const struct Program *program = program_of(binary);
	const char *reason = elf_check(binary, program->size);
	struct Elf *elf = (struct Elf *)binary;
	struct Proghdr *ph, *eph;
	uint32_t cr3 = rcr3();
	struct PageInfo *stack;

	if (reason)
		panic("load_icode: %s: %s", program->name, reason);

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
	lcr3(cr3);

	stack = page_alloc(ALLOC_ZERO);
	if (!stack)
		panic("load_icode: out of memory");
	stack->pp_ref++;
	e->env_pgdir[PDX(USTACKTOP - PGSIZE)] =
		page2pa(stack) | PTE_P | PTE_W | PTE_U;
	e->env_tf.tf_eip = elf->e_entry;
