// Handling page faults in the program itself.

#include <inc/lib.h>

void _pgfault_upcall(void); // lib/pfentry.S

// Called by _pgfault_upcall.
void (*_pgfault_handler)(struct UTrapframe *utf);

// From now on call `handler` for each page fault of this environment. It runs
// on the exception stack, and when it returns, the instruction that faulted is
// tried again.
//
// The first time, give this environment an exception stack, the page below
// UXSTACKTOP, and make the kernel start at _pgfault_upcall after a fault; later
// only the handler is another. _pgfault_upcall calls the function in
// _pgfault_handler, so that must be set before there can be a fault.
//
// Panics when the kernel refuses any of it.
void
set_pgfault_handler(void (*handler)(struct UTrapframe *utf))
{
	// @solution lab4.set_pgfault_handler
	bool first = _pgfault_handler == NULL;
	int r;

	// Not written in vain: the page may be shared with a child.
	if (_pgfault_handler != handler)
		_pgfault_handler = handler;
	if (!first)
		return;
	r = sys_page_alloc(0, (void *)(UXSTACKTOP - PGSIZE),
	                   PTE_P | PTE_U | PTE_W);
	if (r < 0)
		panic("set_pgfault_handler: no exception stack: %e", r);
	r = sys_env_set_pgfault_upcall(0, _pgfault_upcall);
	if (r < 0)
		panic("set_pgfault_handler: no upcall: %e", r);
	// @end lab4.set_pgfault_handler
}
