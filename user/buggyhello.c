// Shows that the kernel checks the pointers that a program passes to it: here
// one into the first page, where nothing is mapped.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	sys_cputs((const char *)1, 1);
}
