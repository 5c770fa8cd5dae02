// Takes every page fault for one of the program.
// fails: kernel_fault

	uint32_t fault_va = rcr2();

	cprintf("[%08x] user fault va %08x ip %08x\n", curenv->env_id, fault_va,
	        tf->tf_eip);
	print_trapframe(tf);
	env_destroy(curenv);
