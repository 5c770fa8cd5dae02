// Shows that writing where nothing is mapped ends the program.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	*(volatile uint32_t *)0 = 0;
}
