// Tests sfork: parent and child share their memory, but each has its own stack
// and its own `thisenv`.

#include <inc/lib.h>

#define THREADS 4
#define TURNS   1000
#define PAGE    ((uint32_t *)0x10000000)
#define READ    ((uint32_t *)0x10400000) // may only be read

static volatile uint32_t total, ready, done;
static uint32_t data[3 * PGSIZE / 4] = { 1 }; // data, not bss

static void
add(volatile uint32_t *word, uint32_t n)
{
	__asm__ volatile("lock addl %1, %0" : "+m"(*word) : "ri"(n) : "cc");
}

// A child: its stack and `thisenv` are its own, all else is everyone's.
static void
thread(uint32_t n, volatile uint32_t *on_stack)
{
	envid_t from;
	uint32_t word;

	if (thisenv->env_id != sys_getenvid())
		fail("a child's thisenv is that of %08x instead of %08x",
		     thisenv->env_id, sys_getenvid());
	if (*on_stack != 1234)
		fail("a child's stack holds %u instead of 1234", *on_stack);
	*on_stack = n;
	add(&ready, 1);
	word = ipc_recv(&from, NULL, NULL);
	if (word != n || from != thisenv->env_parent_id)
		fail("child %u gets %u from %08x", n, word, from);
	for (int i = 0; i < TURNS; i++) {
		add(&total, 1);
		add(&PAGE[n], 1);
		add(&data[n * 700], 1);
		if (i % 100 == 0)
			sys_yield();
		if (*on_stack != n)
			fail("child %u has %u on its stack", n, *on_stack);
	}
	if (thisenv->env_id != sys_getenvid())
		fail("a child's thisenv has become another");
	add(&done, 1);
	exit();
}

void
umain(int argc, char **argv)
{
	volatile uint32_t on_stack = 1234;
	envid_t ids[THREADS + 1], child;

	test_start(argc, argv);
	must_be(sys_page_alloc(0, PAGE, PTE_P | PTE_U | PTE_W), 0, "a page");
	must_be(sys_page_alloc(0, READ, PTE_P | PTE_U), 0, "a page");
	// After a fork, all is copy-on-write: sfork shares it nevertheless.
	child = fork();
	if (child == 0) {
		ipc_recv(NULL, NULL, NULL);
		if (total || PAGE[1] || data[0] != 1)
			fail("what was forked has been written by the others");
		exit();
	}
	for (uint32_t n = 1; n <= THREADS; n++) {
		ids[n] = sfork();
		if (ids[n] < 0)
			fail("sfork: %e", ids[n]);
		if (ids[n] == 0)
			thread(n, &on_stack);
	}
	wait_for(ready == THREADS, "%u of %u children have begun", ready,
	         THREADS);
	if (on_stack != 1234 || thisenv->env_id != sys_getenvid())
		fail("the parent's stack or its thisenv has changed");
	for (uint32_t n = 1; n <= THREADS; n++)
		ipc_send(ids[n], n, NULL, 0);
	for (uint32_t n = 1; n <= THREADS; n++)
		wait(ids[n]);
	if (done != THREADS || total != THREADS * TURNS)
		fail("%u children have counted to %u, instead of %u to %u",
		     done, total, THREADS, THREADS * TURNS);
	for (uint32_t n = 1; n <= THREADS; n++)
		if (PAGE[n] != TURNS || data[n * 700] != TURNS)
			fail("child %u has counted to %u and %u instead of %u",
			     n, PAGE[n], data[n * 700], TURNS);
	ipc_send(child, 0, NULL, 0);
	wait(child);
	pass();
}
