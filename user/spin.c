// Shows preemption: a child spins and never yields, but the parent still gets
// its time slices, and ends the child.

#include <inc/lib.h>

#define TURNS 8

void
umain(int argc, char **argv)
{
	envid_t child;

	test_start(argc, argv);
	cprintf("I am the parent.  Forking the child...\n");
	child = fork();
	if (child < 0)
		panic("fork: %e", child);
	if (child == 0) {
		cprintf("I am the child.  Spinning...\n");
		while (1)
			;
	}
	cprintf("I am the parent.  Running the child...\n");
	for (int turn = 0; turn < TURNS; turn++)
		sys_yield();
	cprintf("I am the parent.  Killing the child...\n");
	sys_env_destroy(child);
	report("spin", child);
}
