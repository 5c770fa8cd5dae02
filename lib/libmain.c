// From the program's first instruction to its umain.

#include <inc/lib.h>

void libmain(int argc, char **argv);

const char *binaryname = "<unknown>";
const volatile struct Env *thisenv;

// Called by lib/entry.S with the program's arguments.
//
// Make `thisenv` point at this environment's element of envs[], which the
// kernel shows at UENVS; the element is that of the id that sys_getenvid
// returns. Make `binaryname` the program's name argv[0], if there is one. Call
// umain with the arguments, and when it returns, exit.
void
libmain(int argc, char **argv)
{
	// @solution lab3.libmain
	thisenv = &envs[ENVX(sys_getenvid())];
	if (argc > 0)
		binaryname = argv[0];
	umain(argc, argv);
	exit();
	// @end lab3.libmain
}
