// Builds the frame on the kernel's stack, and copies it when all is checked.

	const struct UTrapframe frame = { .utf_fault_va = rcr2(),
		                          .utf_err = tf->tf_err,
		                          .utf_regs = tf->tf_regs,
		                          .utf_eip = tf->tf_eip,
		                          .utf_eflags = tf->tf_eflags,
		                          .utf_esp = tf->tf_esp };
	const uint32_t room = tf->tf_esp - (UXSTACKTOP - PGSIZE);
	uintptr_t start = UXSTACKTOP - sizeof(frame);

	if (curenv->env_pgfault_upcall == 0)
		return false;
	user_mem_assert(curenv, (void *)curenv->env_pgfault_upcall, 1, PTE_U);
	// Unsigned: what lies below has much room.
	if (room < PGSIZE) {
		start = tf->tf_esp - sizeof(frame) - sizeof(uint32_t);
		if (room < sizeof(frame) + sizeof(uint32_t)) {
			cprintf("[%08x] user_mem_check assertion failure for "
			        "va %08x\n",
			        curenv->env_id, (uint32_t)start);
			env_destroy(curenv);
		}
	}
	user_mem_assert(curenv, (void *)start, UXSTACKTOP - start,
	                PTE_U | PTE_W);
	*(struct UTrapframe *)start = frame;
	tf->tf_eip = curenv->env_pgfault_upcall;
	tf->tf_esp = start;
	return true;
