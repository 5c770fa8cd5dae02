// Shows that a breakpoint stops the program for the monitor, where `step` and
// `continue` go on with it.

#include <inc/lib.h>
#include <inc/x86.h>

void
umain(int argc, char **argv)
{
	breakpoint();
	cprintf("going on after the breakpoint\n");
}
