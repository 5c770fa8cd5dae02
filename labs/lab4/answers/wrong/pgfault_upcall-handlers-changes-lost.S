// Keeps eip and esp from before the handler was called, which may change them.
// fails: faultregs

	cld
	movl	40(%esp), %esi		// utf_eip
	movl	48(%esp), %edi		// utf_esp
	pushl	%esp
	call	*_pgfault_handler
	addl	$4, %esp

	subl	$4, %edi
	movl	%esi, (%edi)
	movl	%edi, 48(%esp)

	addl	$8, %esp
	popal
	leal	4(%esp), %esp
	popfl
	popl	%esp
	ret
