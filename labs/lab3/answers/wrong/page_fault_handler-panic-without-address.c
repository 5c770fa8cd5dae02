// Panics without the address in the message.
// fails: kernel_fault
// says: did not end in a panic with the address

	uint32_t fault_va = rcr2();

	if ((tf->tf_cs & 3) == 0)
		panic("kernel page fault");

	cprintf("[%08x] user fault va %08x ip %08x\n", curenv->env_id, fault_va,
	        tf->tf_eip);
	print_trapframe(tf);
	env_destroy(curenv);
