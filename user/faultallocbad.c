// Shows where a page-fault handler does not help: the kernel does not call it
// for an address that is passed to a system call, but ends the program.

#include <inc/lib.h>

static void
handler(struct UTrapframe *utf)
{
	char *va = (char *)(uintptr_t)utf->utf_fault_va;
	int r;

	cprintf("fault %x\n", utf->utf_fault_va);
	r = sys_page_alloc(0, ROUNDDOWN(va, PGSIZE), PTE_P | PTE_U | PTE_W);
	if (r < 0)
		panic("allocating at %p in page fault handler: %e", va, r);
	snprintf(va, 100, "this string was faulted in at %x",
	         utf->utf_fault_va);
}

void
umain(int argc, char **argv)
{
	set_pgfault_handler(handler);
	sys_cputs((char *)0xdeadbeef, 4);
}
