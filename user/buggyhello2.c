// Shows that the kernel checks all of what a pointer and a length name: here a
// string that is said to be far longer than the memory that it is in.

#include <inc/lib.h>

static const char *text = "hello, 1048576 worlds\n";

void
umain(int argc, char **argv)
{
	sys_cputs(text, 1024 * 1024);
}
