// Shows that a program cannot write to the kernel's memory.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	*(volatile uint32_t *)0xf0100000 = 0;
}
