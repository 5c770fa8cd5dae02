// Shows round-robin scheduling: start several (boot argument copies=3)
// and see them alternate.

#include <inc/lib.h>

#define TURNS 5

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	cprintf("Hello, I am environment %08x.\n", thisenv->env_id);
	for (int turn = 0; turn < TURNS; turn++) {
		sys_yield();
		cprintf("Back in environment %08x, iteration %d.\n",
		        thisenv->env_id, turn);
	}
	cprintf("All done in environment %08x.\n", thisenv->env_id);
	report("yield", thisenv->env_id);
}
