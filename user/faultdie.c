// Shows a page-fault handler: it tells of the fault and ends the program.

#include <inc/lib.h>

static void
handler(struct UTrapframe *utf)
{
	cprintf("i faulted at va %x, err %x\n", utf->utf_fault_va,
	        utf->utf_err & (FEC_PR | FEC_WR | FEC_U));
	exit();
}

void
umain(int argc, char **argv)
{
	set_pgfault_handler(handler);
	*(volatile int *)0xdeadbeef = 0;
}
