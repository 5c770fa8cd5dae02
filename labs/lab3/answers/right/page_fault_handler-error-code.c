// Tells the kernel's faults from the programs' by the error code, and reads
// cr2 where it is needed: no other fault can come between.

	if (!(tf->tf_err & FEC_U))
		panic("page fault at %08x, ip %08x", rcr2(),
		      (uint32_t)tf->tf_eip);
	cprintf("[%08x] user fault va %08x ip %08x\n", curenv->env_id, rcr2(),
	        (uint32_t)tf->tf_eip);
	print_trapframe(tf);
	env_destroy(curenv);
