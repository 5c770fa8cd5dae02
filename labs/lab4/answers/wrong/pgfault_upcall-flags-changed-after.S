// Moves the stack pointer by subl, which changes flags, when popfl has restored
// them.
// fails: faultregs
// says: eflags is

	cld
	pushl	%esp
	call	*_pgfault_handler
	addl	$4, %esp

	// Put the address to go on at in the word below the program's stack,
	// while there are registers to do it with; ret takes it from there.
	movl	48(%esp), %eax		// utf_esp
	movl	40(%esp), %edx		// utf_eip
	movl	%edx, -4(%eax)

	// Nothing below changes a register or a flag that has its value again.
	addl	$8, %esp		// utf_fault_va, utf_err
	popal
	leal	4(%esp), %esp		// utf_eip
	popfl
	popl	%esp
	subl	$4, %esp
	ret
