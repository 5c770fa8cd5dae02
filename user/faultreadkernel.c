// Shows that a program cannot read the kernel's memory.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	cprintf("in the kernel I read %08x\n",
	        *(volatile uint32_t *)0xf0100000);
}
