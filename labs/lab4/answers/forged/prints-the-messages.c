// Prints what two environments would that send each other a number, and sends
// none.
// undone: lab4.ipc_send lab4.ipc_recv
// forges: pingpong
// prints: got 10 from
// says: what pingpong reports is wrong
//// region lab4.ipc_send
	const envid_t pair[2] = { to_env, sys_getenvid() };

	for (int n = 0; n <= 10; n++)
		cprintf("%x got %d from %x\n", pair[n % 2], n, pair[1 - n % 2]);
	exit();
//// region lab4.ipc_recv
	exit();
	return 0;
