// Prints the instruction's address as that of the fault, and the other way
// round.
// fails: faultread

	uint32_t fault_va = rcr2();

	if ((tf->tf_cs & 3) == 0)
		panic("kernel page fault at va %08x", fault_va);

	cprintf("[%08x] user fault va %08x ip %08x\n", curenv->env_id,
	        tf->tf_eip, fault_va);
	print_trapframe(tf);
	env_destroy(curenv);
