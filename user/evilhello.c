// Shows that a program cannot make the kernel print the kernel's own memory.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	sys_cputs((const char *)0xf010000c, 100);
}
