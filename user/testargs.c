// Tests that a program gets the arguments of the boot arguments or of the
// monitor's `run`, and reports a number that depends on each of them.

#include <inc/digest.h>
#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	uint32_t sum = argc;

	test_start(argc, argv);
	if (argc < 1 || strcmp(argv[0], "testargs") != 0)
		fail("argv[0] is not the program's name");
	if (argv[argc] != NULL)
		fail("argv[%d], the one after the last, is not NULL", argc);
	for (int i = 0; i < argc; i++) {
		cprintf("argument %d: %s\n", i, argv[i]);
		sum = digest(sum, argv[i], i);
	}
	report("arguments", sum);
	pass();
}
