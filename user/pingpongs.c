// Shows memory that parent and child share: like pingpong, but the number is
// in a page that both write, and the messages only say who writes next.

#include <inc/lib.h>

#define LAST   10
#define SHARED ((volatile uint32_t *)0xa00000)

void
umain(int argc, char **argv)
{
	envid_t who;
	uint32_t n;
	int r;

	test_start(argc, argv);
	r = sys_page_alloc(0, (void *)SHARED,
	                   PTE_P | PTE_U | PTE_W | PTE_SHARE);
	if (r < 0)
		panic("sys_page_alloc: %e", r);
	who = fork();
	if (who < 0)
		panic("fork: %e", who);
	if (who != 0) {
		cprintf("i am %08x; thisenv is %p\n", sys_getenvid(), thisenv);
		cprintf("send 0 from %x to %x\n", sys_getenvid(), who);
		ipc_send(who, 0, NULL, 0);
	}
	do {
		ipc_recv(&who, NULL, NULL);
		n = *SHARED;
		cprintf("%x got %d from %x (thisenv is %p %x)\n",
		        sys_getenvid(), n, who, thisenv, thisenv->env_id);
		if (n < LAST) {
			*SHARED = ++n;
			ipc_send(who, 0, NULL, 0);
		}
	} while (n < LAST);
	report("pingpongs", who);
}
