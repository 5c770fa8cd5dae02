// Finds the frame by ebx, which the handler must leave as it is, and pushes the
// address on the program's stack as a push would.

	movl	%esp, %ebx
	pushl	%ebx
	cld
	call	*_pgfault_handler
	movl	%ebx, %esp

	movl	40(%ebx), %ecx
	movl	48(%ebx), %esp
	pushl	%ecx
	movl	%esp, 48(%ebx)

	leal	8(%ebx), %esp
	popal
	leal	4(%esp), %esp
	popfl
	movl	(%esp), %esp
	retl
