// Panics for programs and destroys the environment for the kernel.
// fails: kernel_fault faultread

	uint32_t fault_va = rcr2();

	if ((tf->tf_cs & 3) != 0)
		panic("kernel page fault at va %08x", fault_va);

	cprintf("[%08x] user fault va %08x ip %08x\n", curenv->env_id, fault_va,
	        tf->tf_eip);
	print_trapframe(tf);
	env_destroy(curenv);
