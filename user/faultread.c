// Shows that reading where nothing is mapped ends the program.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	cprintf("at address 0 I read %08x\n", *(volatile uint32_t *)0);
}
