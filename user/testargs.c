// Tests that a program gets the arguments of the boot arguments or of the
// monitor's `run`, and reports a number that depends on each of them. Then it
// starts once more, as a program does that gets no arguments at all.

#include <inc/digest.h>
#include <inc/lib.h>

void libmain(int argc, char **argv); // lib/libmain.c, for lib/entry.S

// What comes of libmain without arguments.
static void
again(void)
{
	const char *name = binaryname;

	binaryname = "testargs";
	if (!name || strcmp(name, "testargs") != 0)
		fail("binaryname was changed though there is no argv[0]");
	pass();
}

void
umain(int argc, char **argv)
{
	uint32_t sum = argc;

	if (argc == 0)
		again();
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
	libmain(0, argv + argc);
}
