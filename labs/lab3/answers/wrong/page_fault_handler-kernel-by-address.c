// Takes a fault for the kernel's when its address is: any program can stop the
// kernel then.
// fails: faultreadkernel faultwritekernel

	uint32_t fault_va = rcr2();

	if (fault_va >= ULIM)
		panic("kernel page fault at va %08x", fault_va);

	cprintf("[%08x] user fault va %08x ip %08x\n", curenv->env_id, fault_va,
	        tf->tf_eip);
	print_trapframe(tf);
	env_destroy(curenv);
