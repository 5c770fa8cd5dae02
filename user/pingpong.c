// Shows messages: parent and child send a number to and fro, one more each
// time.

#include <inc/lib.h>

#define LAST 10

void
umain(int argc, char **argv)
{
	envid_t who;
	uint32_t n;

	test_start(argc, argv);
	who = fork();
	if (who < 0)
		panic("fork: %e", who);
	if (who != 0) {
		cprintf("send 0 from %x to %x\n", sys_getenvid(), who);
		ipc_send(who, 0, NULL, 0);
	}
	do {
		n = ipc_recv(&who, NULL, NULL);
		cprintf("%x got %d from %x\n", sys_getenvid(), n, who);
		if (n < LAST)
			ipc_send(who, ++n, NULL, 0);
	} while (n < LAST);
	report("pingpong", who);
}
