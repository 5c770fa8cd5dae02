// Tests fork: that parent and child see each other's writes only in
// PTE_SHARE pages; what each of them knows of itself; forks of forks; and that
// nothing is left of children that have ended (as many as the second argument
// says), nor of one that memory did not suffice for.

#include <inc/lib.h>
#include <inc/x86.h>

#define STACK  (UXSTACKTOP - PGSIZE) // the exception stack
#define FORKS  500
#define TABLES 8 // how many page tables the program uses in vain

// How many time slices others get to do what little there is to do.
#define MANY_TURNS 1000000

extern void (*_pgfault_handler)(struct UTrapframe *utf);

static const int rw = PTE_P | PTE_U | PTE_W, ro = PTE_P | PTE_U;

// In a page that is PTE_SHARE: how parent and child tell each other what they
// have seen.
struct Board {
	uint32_t step;
	uint32_t count;
	envid_t child, grandchild;
	pte_t stack, readonly; // entries of the child's pages
};

static volatile struct Board *board;
static uintptr_t area; // addresses of the pages that follow
#define READONLY (area + PGSIZE)
#define FAR      (area + 2 * PGSIZE)

#define WORD(va) (*(volatile uint32_t *)(va))

static volatile uint32_t in_data = 1, in_bss;

static void
alloc(envid_t env, uintptr_t va, int perm)
{
	expect_call(sys_page_alloc(env, (void *)va, perm), 0,
	            "sys_page_alloc(%08x, %08x, %03x)", env, (uint32_t)va,
	            perm);
}

// Wait until the other has got to `step`; `who` is that.
static void
await(uint32_t step, const char *who)
{
	for (int i = 0; i < MANY_TURNS; i++) {
		if (board->step >= step)
			return;
		sys_yield();
	}
	fail("%s has not got to step %u in %d turns", who, step, MANY_TURNS);
}

// The same for the child's last step, when it ends.
static void
await_end(envid_t child, uint32_t step)
{
	test_child_wait(child);
	if (board->step != step)
		fail("the child %08x ended after step %u of %u", child,
		     board->step, step);
}

static envid_t
fork_checked(void)
{
	envid_t child;

	board->step = 0;
	child = fork();
	if (child < 0)
		fail("fork: %e", child);
	return child;
}

// All memory that a program has: data, bss, stack and a page far away.
static void
write_all(uint32_t seed, volatile uint32_t *local)
{
	in_data = seed + 1;
	in_bss = seed + 2;
	*local = seed + 3;
	WORD(FAR) = seed + 4;
	WORD(FAR + PGSIZE - 4) = seed + 5;
}

static void
expect_all(uint32_t seed, volatile uint32_t *local, const char *when)
{
	const struct {
		const char *name;
		uint32_t seen;
	} words[] = { { "in the data", in_data },
		      { "in the bss", in_bss },
		      { "on the stack", *local },
		      { "in a page far away", WORD(FAR) },
		      { "at that page's end", WORD(FAR + PGSIZE - 4) } };

	for (uint32_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].seen != seed + 1 + i)
			fail("%s, the word %s is %08x instead of %08x", when,
			     words[i].name, words[i].seen, seed + 1 + i);
}

// What each of the two knows about itself and the other.
static void
check_identity(envid_t parent, envid_t child)
{
	const bool is_child = child == 0;
	const envid_t me = sys_getenvid();
	const volatile struct Env *e = &envs[ENVX(me)];

	if (thisenv != e)
		fail("thisenv of the %s is &envs[%d] instead of &envs[%d]",
		     is_child ? "child" : "parent", (int)(thisenv - envs),
		     ENVX(me));
	if (is_child && e->env_parent_id != parent)
		fail("the child's env_parent_id is %08x instead of %08x",
		     e->env_parent_id, parent);
	if (!is_child && (me != parent || child == parent ||
	                  envs[ENVX(child)].env_id != child))
		fail("fork returned %08x to its parent %08x: there is no such "
		     "child",
		     child, parent);
	if (e->env_pgfault_upcall == 0)
		fail("the %s has no env_pgfault_upcall after fork",
		     is_child ? "child" : "parent");
	if (PGOFF(test_pte(STACK)) != (uint32_t)rw || test_refs(STACK) != 1)
		fail("the exception stack of the %s has the page-table entry "
		     "%08x and pp_ref %u",
		     is_child ? "child" : "parent", test_pte(STACK),
		     test_refs(STACK));
}

// Writes on one side are not seen on the other. Here the child writes first.
static void
check_isolation(void)
{
	const envid_t me = sys_getenvid();
	const uint32_t seed = test_random();
	volatile uint32_t local;
	envid_t child;

	write_all(seed, &local);
	child = fork_checked();
	check_identity(me, child);
	if (child == 0) {
		expect_all(seed, &local, "in a new child");
		expect_call(sys_page_alloc(me, (void *)FAR, rw), -E_BAD_ENV,
		            "a child's sys_page_alloc for its parent");
		board->child = sys_getenvid();
		board->stack = test_pte(STACK);
		board->readonly = test_pte(READONLY);
		write_all(seed + 100, &local);
		board->step = 1;
		await(2, "the parent");
		expect_all(seed + 100, &local,
		           "in the child, after the parent has written");
		board->step = 3;
		exit();
	}
	await(1, "the child");
	expect_all(seed, &local, "in the parent, after the child has written");
	if (board->child != child)
		fail("fork returned %08x, and the child is %08x", child,
		     board->child);
	if (PTE_ADDR(board->stack) == PTE_ADDR(test_pte(STACK)))
		fail("parent and child have the same exception stack");
	if (board->readonly != test_pte(READONLY))
		fail("a read-only page has the entry %08x in the parent and "
		     "%08x in the child",
		     test_pte(READONLY), board->readonly);
	write_all(seed + 200, &local);
	board->step = 2;
	await_end(child, 3);
	expect_all(seed + 200, &local, "in the parent, when the child ended");
}

// Here the parent writes before the child has run, or soon after.
static void
check_parent_first(void)
{
	const uint32_t seed = test_random();
	volatile uint32_t local;
	envid_t child;

	write_all(seed, &local);
	child = fork_checked();
	if (child == 0) {
		await(1, "the parent");
		expect_all(seed, &local,
		           "in the child, after the parent has written");
		board->step = 2;
		exit();
	}
	write_all(seed + 100, &local);
	board->step = 1;
	await_end(child, 2);
	expect_all(seed + 100, &local, "in the parent");
}

// Load ebx, esi, edi and ebp with words[0] to [3], call fork, and leave there
// what they are then.
envid_t fork_with(uint32_t words[4]);
__asm__(".text\n"
        "fork_with:\n\t"
        "pushal\n\t"
        "movl 36(%esp), %eax\n\t"
        "movl 0(%eax), %ebx\n\t"
        "movl 4(%eax), %esi\n\t"
        "movl 8(%eax), %edi\n\t"
        "movl 12(%eax), %ebp\n\t"
        "pushl %eax\n\t"
        "call fork\n\t"
        "popl %ecx\n\t"
        "movl %ebx, 0(%ecx)\n\t"
        "movl %esi, 4(%ecx)\n\t"
        "movl %edi, 8(%ecx)\n\t"
        "movl %ebp, 12(%ecx)\n\t"
        "movl %eax, 28(%esp)\n\t"
        "popal\n\t"
        "ret");

static void
check_registers(void)
{
	const uint32_t words[4] = { test_random(), test_random(), test_random(),
		                    test_random() };
	uint32_t seen[4];
	envid_t child;

	memcpy(seen, words, sizeof(seen));
	board->step = 0;
	child = fork_with(seen);
	if (child < 0)
		fail("fork: %e", child);
	if (memcmp(seen, words, sizeof(seen)) != 0)
		fail("ebx, esi, edi, ebp are %08x %08x %08x %08x after fork in "
		     "the %s instead of %08x %08x %08x %08x",
		     seen[0], seen[1], seen[2], seen[3],
		     child ? "parent" : "child", words[0], words[1], words[2],
		     words[3]);
	if (child == 0) {
		board->step = 1;
		exit();
	}
	await_end(child, 1);
}

static volatile int handled;

static void
childs_handler(struct UTrapframe *utf)
{
	handled++;
	alloc(0, ROUNDDOWN(utf->utf_fault_va, PGSIZE), rw);
}

// Another page-fault handler in the child, which the parent does not get.
static void
check_handlers(void)
{
	envid_t child;

	handled = 0; // so that it is the child's own page there
	child = fork_checked();
	if (child == 0) {
		handled = 0;
		set_pgfault_handler(childs_handler);
		WORD(area + 8 * PGSIZE) = 1;
		if (handled != 1)
			fail("a child's own page-fault handler was called %d "
			     "times instead of once",
			     handled);
		board->step = 1;
		exit();
	}
	await_end(child, 1);
	if (_pgfault_handler != cow_pgfault)
		fail("the child set another page-fault handler, and the parent "
		     "has it too");
	if (test_pte(area + 8 * PGSIZE))
		fail("a page that the child got is mapped in the parent");
}

// A child's child, with pages that were PTE_COW already.
static void
check_grandchild(void)
{
	const uint32_t seed = test_random();
	volatile uint32_t local;
	envid_t child, grandchild;

	write_all(seed, &local);
	child = fork_checked();
	if (child == 0) {
		const envid_t me = sys_getenvid();

		in_data = seed + 1; // a copy now, the rest is not
		grandchild = fork();
		if (grandchild < 0)
			fail("fork in a child: %e", grandchild);
		check_identity(me, grandchild);
		if (grandchild == 0) {
			expect_all(seed, &local, "in a new grandchild");
			write_all(seed + 300, &local);
			board->grandchild = sys_getenvid();
			board->step = 1;
			await(3, "the root");
			expect_all(seed + 300, &local, "in the grandchild");
			board->step = 4;
			exit();
		}
		await(1, "the grandchild");
		expect_all(seed, &local, "in the child");
		write_all(seed + 200, &local);
		board->step = 2;
		await_end(grandchild, 4);
		expect_all(seed + 200, &local, "in the child");
		board->step = 5;
		exit();
	}
	await(2, "the child");
	expect_all(seed, &local, "in the root");
	expect_call(sys_env_destroy(board->grandchild), -E_BAD_ENV,
	            "sys_env_destroy of a child's child");
	board->step = 3;
	await_end(child, 5);
	expect_all(seed, &local, "in the root");
}

// A child that stops itself until its parent makes it runnable.
static void
check_stopped(void)
{
	envid_t child = fork_checked();
	const volatile struct Env *e = &envs[ENVX(child)];

	if (child == 0) {
		board->step = 1;
		expect_call(sys_env_set_status(0, ENV_NOT_RUNNABLE), 0,
		            "sys_env_set_status(0, ENV_NOT_RUNNABLE)");
		if (board->step != 2)
			fail("a child that made itself ENV_NOT_RUNNABLE went "
			     "on");
		board->step = 3;
		exit();
	}
	await(1, "the child");
	for (int i = 0; i < 100 || e->env_status != ENV_NOT_RUNNABLE; i++) {
		if (i == MANY_TURNS || e->env_status == ENV_FREE)
			fail("a child that made itself ENV_NOT_RUNNABLE is in "
			     "state %d",
			     e->env_status);
		sys_yield();
	}
	board->step = 2;
	expect_call(sys_env_set_status(child, ENV_RUNNABLE), 0,
	            "sys_env_set_status(%08x, ENV_RUNNABLE)", child);
	await_end(child, 3);
}

// Write to every page that this program may write to, so that none is PTE_COW.
static void
own_pages(void)
{
	for (uintptr_t va = UTEXT; va < USTACKTOP; va += PGSIZE) {
		if (!(uvpd[PDX(va)] & PTE_P))
			va = ROUNDDOWN(va, PTSIZE) + PTSIZE - PGSIZE;
		else if (test_pte(va) & PTE_COW)
			WORD(va) = WORD(va);
	}
}

static void
check_many(uint32_t forks)
{
	uint32_t pages_before, envs_before;

	board->count = 0;
	own_pages();
	pages_before = test_pages_used();
	envs_before = test_envs_used();
	for (uint32_t i = 0; i < forks; i++) {
		envid_t child = fork();

		if (child < 0)
			fail("fork number %u of %u: %e", i + 1, forks, child);
		if (child == 0) {
			board->count++;
			exit();
		}
		test_child_wait(child);
		if (board->count != i + 1)
			fail("child number %u of %u, %08x, ended before it "
			     "could count itself",
			     i + 1, forks, child);
	}
	own_pages();
	if (test_envs_used() != envs_before)
		fail("after %u children, there are %u environments instead of "
		     "%u",
		     forks, test_envs_used(), envs_before);
	if (test_pages_used() != pages_before)
		fail("after %u children, %u pages are in use instead of %u",
		     forks, test_pages_used(), pages_before);
	report("forks", forks);
}

// A child that has all memory except what is needed, its pages from UTEXT on.
static envid_t holder;
static uint32_t held;

static void
hold_all(void)
{
	held += test_fill(holder, UTEXT + held * PGSIZE);
}

static void
let_go(uint32_t n)
{
	while (n-- > 0)
		expect_call(sys_page_unmap(holder,
		                           (void *)(UTEXT + --held * PGSIZE)),
		            0, "sys_page_unmap");
}

// fork with `free` pages free, which are too few.
static void
check_full(uint32_t free)
{
	uint32_t pages_before, envs_before;
	int r;

	own_pages();
	hold_all();
	let_go(free);
	pages_before = test_pages_used();
	envs_before = test_envs_used();
	r = fork();
	if (r == 0)
		exit();
	expect_call(r, -E_NO_MEM, "fork with %u pages free", free);
	if (test_envs_used() != envs_before)
		fail("fork failed with %u pages free, and there are %u "
		     "environments instead of %u",
		     free, test_envs_used(), envs_before);
	if (test_pages_used() != pages_before)
		fail("fork failed with %u pages free, and %u pages are in use "
		     "instead of %u",
		     free, test_pages_used(), pages_before);
	// For the copies of what has become PTE_COW.
	let_go(32);
}

// Returns:  how many pages a fork takes that does not come to the end of a page
//           of the stack: the child's page directory, page tables and stacks.
static uint32_t
fork_needs(void)
{
	const uint32_t before = test_pages_used();
	const envid_t child = test_newborn();
	uint32_t needs;

	expect_call(fork_pages(child), 0, "fork_pages");
	alloc(child, STACK, rw);
	needs = test_pages_used() - before;
	test_destroy(child);
	own_pages();
	return needs;
}

// fork with each number of pages that is too small, when the stack pointer is
// about `above` a page's boundary: fork itself, and what it calls, have their
// frames on either side. Once a page is PTE_COW, memory for a copy of it is
// needed to write to it at all.
static void
check_stack_at(int above, uint32_t needs)
{
	volatile char *frame;

	frame = __builtin_alloca((PGOFF(read_esp()) - above) % PGSIZE + 16);
	*frame = 0;
	for (uint32_t free = 0; free < needs; free++)
		check_full(free);
}

static void
check_memory(void)
{
	uint32_t before, needs;

	alloc(0, USTACKTOP - 2 * PGSIZE, rw);
	holder = test_newborn();
	own_pages();
	needs = fork_needs();
	before = test_pages_used();
	for (int above = -256; above <= 1024; above += 64)
		check_stack_at(above, needs);
	test_destroy(holder);
	own_pages();
	expect_pages(before - 1, "after fork has failed several times");
	check_many(1);
}

void
umain(int argc, char **argv)
{
	uint32_t forks = argc > 2 ? strtol(argv[2], NULL, 10) : FORKS;

	test_start(argc, argv);
	test_others();
	area = test_region(TABLES);
	board = (volatile struct Board *)area;
	alloc(0, area, rw | PTE_SHARE);
	alloc(0, READONLY, ro);
	alloc(0, FAR, rw);
	for (int i = 1; i < TABLES; i++)
		alloc(0, area + i * PTSIZE, rw);
	check_isolation();
	check_parent_first();
	check_registers();
	check_handlers();
	check_grandchild();
	check_stopped();
	check_many(forks);
	check_memory();
	pass();
}
