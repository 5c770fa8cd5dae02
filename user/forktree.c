// Shows fork: a tree of environments, each printing its id and the way from the
// root to it, 0 for a left child and 1 for a right one.

#include <inc/lib.h>

#define DEPTH 3

static void
grow(const char *path)
{
	char next[DEPTH + 1];

	cprintf("%04x: I am '%s'\n", sys_getenvid(), path);
	report("forktree", sys_getenvid());
	if (strlen(path) >= DEPTH)
		return;
	for (int side = 0; side < 2; side++) {
		envid_t child = fork();

		if (child < 0)
			panic("fork: %e", child);
		if (child == 0) {
			snprintf(next, sizeof(next), "%s%d", path, side);
			grow(next);
			exit();
		}
	}
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	grow("");
}
