// Shows that an upcall without an exception stack ends the program.

#include <inc/lib.h>

void _pgfault_upcall(void);

void
umain(int argc, char **argv)
{
	sys_env_set_pgfault_upcall(0, _pgfault_upcall);
	*(volatile int *)0 = 0;
}
