// Takes a stack pointer at the very bottom for one elsewhere.
// fails: bad_stack

	uintptr_t sp = UXSTACKTOP;
	struct UTrapframe *utf;

	if (!curenv->env_pgfault_upcall)
		return false;
	if (tf->tf_esp > UXSTACKTOP - PGSIZE && tf->tf_esp < UXSTACKTOP)
		sp = tf->tf_esp - 4;
	sp -= sizeof(*utf);
	if (sp < UXSTACKTOP - PGSIZE) {
		cprintf("[%08x] user_mem_check assertion failure for va %08x\n",
		        curenv->env_id, (uint32_t)sp);
		env_destroy(curenv);
	}
	utf = (struct UTrapframe *)sp;
	user_mem_assert(curenv, utf, sizeof(*utf), PTE_W);
	user_mem_assert(curenv, (void *)curenv->env_pgfault_upcall, 1, 0);

	utf->utf_fault_va = rcr2();
	utf->utf_err = tf->tf_err;
	utf->utf_regs = tf->tf_regs;
	utf->utf_eip = tf->tf_eip;
	utf->utf_eflags = tf->tf_eflags;
	utf->utf_esp = tf->tf_esp;
	tf->tf_esp = sp;
	tf->tf_eip = curenv->env_pgfault_upcall;
	return true;
