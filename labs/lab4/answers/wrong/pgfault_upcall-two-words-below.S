// Takes the flags along, too: two words below the program's stack pointer,
// where on the exception stack there is one free word.
// fails: faultregs

	cld
	pushl	%esp
	call	*_pgfault_handler
	addl	$4, %esp

	movl	48(%esp), %eax		// utf_esp
	movl	40(%esp), %edx		// utf_eip
	movl	44(%esp), %ecx		// utf_eflags
	movl	%edx, -4(%eax)
	movl	%ecx, -8(%eax)
	subl	$8, %eax
	movl	%eax, 48(%esp)

	addl	$8, %esp
	popal
	leal	8(%esp), %esp
	popl	%esp
	popfl
	ret
