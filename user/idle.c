// Does nothing, for ever, but lets others run.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	binaryname = "idle";
	while (1)
		sys_yield();
}
