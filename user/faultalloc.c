// Shows a page-fault handler that allocates memory on demand, when it is used.
// The handler itself prints, and so may fault again.

#include <inc/lib.h>

static uint32_t faults;

static void
handler(struct UTrapframe *utf)
{
	char *va = (char *)(uintptr_t)utf->utf_fault_va;
	int r;

	faults++;
	cprintf("fault %x\n", utf->utf_fault_va);
	r = sys_page_alloc(0, ROUNDDOWN(va, PGSIZE), PTE_P | PTE_U | PTE_W);
	if (r < 0)
		panic("allocating at %p in page fault handler: %e", va, r);
	// May end in the next page, which is another fault.
	snprintf(va, 100, "this string was faulted in at %x",
	         utf->utf_fault_va);
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	set_pgfault_handler(handler);
	cprintf("%s\n", (char *)0xdeadbeef);
	cprintf("%s\n", (char *)0xcafebffe);
	report("faultalloc", faults);
}
