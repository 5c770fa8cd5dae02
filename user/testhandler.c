// Tests set_pgfault_handler: what it sets up the first time, that each fault
// gets to the handler, and that another handler is all that a later call
// changes. With the argument `nomem` memory is full, and it must panic.

#include <inc/lib.h>

#define STACK (UXSTACKTOP - PGSIZE)

void _pgfault_upcall(void); // lib/pfentry.S

static const int rw = PTE_P | PTE_U | PTE_W;

static uintptr_t area; // where pages come to be when they are used
static int calls[3];   // of each handler
static uintptr_t fault_va;

static void
serve(int which, struct UTrapframe *utf)
{
	const uintptr_t top = (uintptr_t)__builtin_frame_address(0);

	calls[which]++;
	fault_va = utf->utf_fault_va;
	if (top < STACK || top >= UXSTACKTOP)
		fail("the handler runs with the stack at %08x instead of on "
		     "the exception stack",
		     (uint32_t)top);
	expect_call(sys_page_alloc(0, ROUNDDOWN((void *)fault_va, PGSIZE), rw),
	            0, "sys_page_alloc(0, %08x)", (uint32_t)fault_va);
}

static void
first_handler(struct UTrapframe *utf)
{
	serve(0, utf);
}

static void
second_handler(struct UTrapframe *utf)
{
	serve(1, utf);
}

// Has another handler from now on, and faults itself.
static void
changing_handler(struct UTrapframe *utf)
{
	set_pgfault_handler(second_handler);
	*(volatile uint32_t *)area = 1;
	area += PGSIZE;
	serve(2, utf);
}

// A fault, which is to get to handler `which` `times` times. (The others are
// not called.)
static void
expect_fault(int which, const char *when)
{
	const uint32_t word = test_random();
	const uintptr_t va = area + word % PGSIZE / 4 * 4;
	int before[ARRAY_SIZE(calls)];

	memcpy(before, calls, sizeof(before));
	area += PGSIZE;
	*(volatile uint32_t *)va = word;
	for (int i = 0; i < (int)ARRAY_SIZE(calls); i++)
		if (calls[i] - before[i] != (i == which))
			fail("%s, a fault called handler %d %d times", when, i,
			     calls[i] - before[i]);
	if (fault_va != va)
		fail("%s, the utf_fault_va of a fault at %08x is %08x", when,
		     (uint32_t)va, (uint32_t)fault_va);
	if (*(volatile uint32_t *)va != word)
		fail("%s, a write that faulted was not tried again", when);
}

static void
expect_setup(const char *when)
{
	const uintptr_t upcall = thisenv->env_pgfault_upcall;

	if (upcall != (uintptr_t)_pgfault_upcall)
		fail("%s, env_pgfault_upcall is %08x instead of "
		     "_pgfault_upcall, %08x",
		     when, (uint32_t)upcall,
		     (uint32_t)(uintptr_t)_pgfault_upcall);
	if (PGOFF(test_pte(STACK)) != (uint32_t)rw)
		fail("%s, the page-table entry of the exception stack is %08x",
		     when, test_pte(STACK));
	if (test_refs(STACK) != 1)
		fail("%s, the page of the exception stack has pp_ref %u", when,
		     test_refs(STACK));
}

// The exception stack is what it was, page and contents.
static void
expect_same_stack(pte_t pte, uint32_t mark)
{
	expect_setup("after another call");
	if (test_pte(STACK) != pte)
		fail("another call gave the exception stack another page");
	if (*(volatile uint32_t *)STACK != mark)
		fail("another call changed the contents of the exception "
		     "stack");
}

static void
check_later(void)
{
	const uint32_t mark = test_random(), used = test_pages_used();
	const pte_t pte = test_pte(STACK);

	*(volatile uint32_t *)STACK = mark;
	set_pgfault_handler(second_handler);
	expect_same_stack(pte, mark);
	set_pgfault_handler(second_handler);
	expect_same_stack(pte, mark);
	expect_pages(used, "after another call");
	expect_fault(1, "after another call");
	expect_fault(1, "after another call");
	set_pgfault_handler(first_handler);
	expect_same_stack(pte, mark);
	expect_fault(0, "after a third call");

	// While a handler runs.
	set_pgfault_handler(changing_handler);
	calls[1] = 0;
	calls[2] = 0;
	*(volatile uint32_t *)(area + PGSIZE * 8) = 1;
	if (calls[2] != 1 || calls[1] != 1)
		fail("a handler that set another and faulted was called %d "
		     "times, the other %d times",
		     calls[2], calls[1]);
	expect_same_stack(pte, mark);
	expect_fault(1, "after a handler has set another");
}

static void
check_memory(void)
{
	test_fill(test_newborn(), area);
	set_pgfault_handler(first_handler);
	fail("set_pgfault_handler came back though there was no page for the "
	     "exception stack");
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	test_others();
	area = test_region(1);
	if (argc > 2 && strcmp(argv[2], "nomem") == 0)
		check_memory();
	// What it finds there is no exception stack.
	expect_call(sys_page_alloc(0, (void *)STACK, PTE_P | PTE_U), 0,
	            "sys_page_alloc");
	set_pgfault_handler(first_handler);
	expect_setup("after the first call");
	for (int i = 0; i < 4; i++)
		expect_fault(0, "after the first call");
	check_later();
	pass();
}
