// Shows that an upcall into the kernel ends the program, not the kernel.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	sys_page_alloc(0, (void *)(UXSTACKTOP - PGSIZE), PTE_P | PTE_U | PTE_W);
	sys_env_set_pgfault_upcall(0, (void (*)(void))0xf0100020);
	*(volatile int *)0 = 0;
}
