// Takes a fault for the kernel's only while there is no environment: one in a
// system call ends the program.
// fails: kernel_fault

	uint32_t fault_va = rcr2();

	if (!curenv)
		panic("kernel page fault at va %08x", fault_va);

	cprintf("[%08x] user fault va %08x ip %08x\n", curenv->env_id, fault_va,
	        tf->tf_eip);
	print_trapframe(tf);
	env_destroy(curenv);
