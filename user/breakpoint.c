// Shows that a breakpoint stops the program for the monitor, where `step` and
// `continue` resume it.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	// A step runs the nop, which changes nothing but eip.
	__asm__ volatile("int3\n\t"
	                 "nop");
	cprintf("going on after the breakpoint\n");
}
