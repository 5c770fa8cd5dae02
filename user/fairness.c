// Shows whether senders are served fairly: one environment receives, and two
// others send to it as fast as they can.

#include <inc/lib.h>

#define SENDERS 2

void
umain(int argc, char **argv)
{
	const envid_t to = sys_getenvid();

	for (int i = 0; i < SENDERS; i++) {
		envid_t child = fork();

		if (child < 0)
			panic("fork: %e", child);
		if (child > 0)
			continue;
		cprintf("%x loop sending to %x\n", sys_getenvid(), to);
		while (1)
			ipc_send(to, 0, NULL, 0);
	}
	while (1) {
		envid_t from;

		ipc_recv(&from, NULL, NULL);
		cprintf("%x recv from %x\n", to, from);
	}
}
