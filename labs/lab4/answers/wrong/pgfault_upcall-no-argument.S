// Calls the handler without an argument.
// fails: faultregs

	cld
	call	*_pgfault_handler

	// Put the address to go on at in the word below the program's stack,
	// while there are registers to do it with; ret takes it from there.
	movl	48(%esp), %eax		// utf_esp
	movl	40(%esp), %edx		// utf_eip
	subl	$4, %eax
	movl	%edx, (%eax)
	movl	%eax, 48(%esp)

	// Nothing below changes a register or a flag that has its value again.
	addl	$8, %esp		// utf_fault_va, utf_err
	popal
	leal	4(%esp), %esp		// utf_eip
	popfl
	popl	%esp
	ret
