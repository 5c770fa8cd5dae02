// Shows a page-fault handler: it prints the fault and ends the program.

#include <inc/lib.h>

static void
handler(struct UTrapframe *utf)
{
	cprintf("i faulted at va %x, err %x\n", utf->utf_fault_va,
	        utf->utf_err & (FEC_PR | FEC_WR | FEC_U));
	report("faultdie", utf->utf_fault_va);
	exit();
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	set_pgfault_handler(handler);
	*(volatile int *)0xdeadbeef = 0;
}
