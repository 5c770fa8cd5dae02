// Tests the library's ipc_recv and ipc_send. With one of the words dead, perm,
// absent and self as the second argument, tests that ipc_send stops the program
// when the kernel refuses that.

#include <inc/lib.h>

#define PAGE   ((char *)0x10000000) // what is sent
#define TARGET ((char *)0x20000000) // where a page is received
#define ABSENT ((char *)0x10800000)

// Shared by parent and child.
static volatile struct {
	uint32_t round; // the child is to do its part of it
	uint32_t done;  // it has
} *const shared = (void *)0x0f000000;

static const int rw = PTE_P | PTE_U | PTE_W, ro = PTE_P | PTE_U;

static envid_t parent, child; // in the child, `child` is 0
static uint32_t round;

// The page at 0, which the compiler should know nothing of.
static char *volatile page_zero = NULL;

static pte_t
entry(const void *va)
{
	return uvpd[PDX(va)] & PTE_P ? uvpt[PGNUM(va)] : 0;
}

static bool
waits(envid_t id)
{
	return envs[ENVX(id)].env_status == ENV_NOT_RUNNABLE;
}

// Parent and child take the same way through this program, and each round is
// one's to do and the other's to see. Returns whether it is the child that
// runs.
static bool
next_round(void)
{
	round++;
	if (child) {
		shared->round = round;
		return false;
	}
	wait_for(shared->round == round, "the parent does not go on");
	return true;
}

// The child has done its part.
static void
end_round(void)
{
	if (child == 0)
		shared->done = round;
	else
		wait_for(shared->done == round,
		         "round %u: the child does not "
		         "go on",
		         round);
}

// Receive `value` in the child, or in the parent with `perm` for the page.
static void
expect_message(const char *what, char *pg, uint32_t value, int perm)
{
	envid_t from = -1;
	int got = -1;
	uint32_t seen = ipc_recv(&from, pg, &got);

	if (seen != value)
		fail("%s: ipc_recv gives %08x instead of %08x", what, seen,
		     value);
	if (from != child)
		fail("%s: ipc_recv stores %08x as the sender instead of %08x",
		     what, from, child);
	if (got != perm)
		fail("%s: ipc_recv stores permissions %x instead of %x", what,
		     got, perm);
}

// The word may be anything, also what looks like an error.
static void
check_words(void)
{
	const uint32_t words[] = {
		0, 1, -E_INVAL, -1, 0x80000000, test_random()
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (next_round())
			ipc_send(parent, words[i], NULL, 0);
		else
			expect_message("a word", NULL, words[i], 0);
		end_round();
	}
}

// Nothing is stored where that is not wanted.
static void
check_stores(void)
{
	envid_t from = 0;
	int perm = 0;

	for (int i = 0; i < 4; i++) {
		if (next_round()) {
			ipc_send(parent, i, PAGE, ro);
		} else {
			int seen = ipc_recv(i & 1 ? &from : NULL, TARGET,
			                    i & 2 ? &perm : NULL);

			if (seen != i)
				fail("ipc_recv with NULL to store to gives %d "
				     "instead of %d",
				     seen, i);
			if (strcmp(page_zero, "parent") != 0)
				fail("ipc_recv with NULL to store to writes at "
				     "address 0");
			if (i & 1 && from != child)
				fail("ipc_recv stores the sender %08x instead "
				     "of %08x",
				     from, child);
			if (i & 2 && perm != ro)
				fail("ipc_recv stores permissions %x instead "
				     "of %x",
				     perm, ro);
		}
		end_round();
	}
}

// A page arrives where it is wanted. The address 0, where both have a page too,
// is not a page's address for ipc_send and ipc_recv: it means none.
static void
check_pages(void)
{
	const char *what = "a page";

	if (next_round()) {
		ipc_send(parent, 1, PAGE, rw);
	} else {
		expect_message(what, TARGET, 1, rw);
		if (strcmp(TARGET, "child") != 0)
			fail("%s: it does not hold what the child has there",
			     what);
	}
	end_round();
	what = "NULL sent, though a page is wanted";
	must_be(sys_page_unmap(0, TARGET), 0, what);
	if (next_round()) {
		ipc_send(parent, 2, NULL, rw);
	} else {
		expect_message(what, TARGET, 2, 0);
		if (entry(TARGET))
			fail("%s: there is %08x", what, entry(TARGET));
	}
	end_round();
	what = "a page sent, though with NULL none is wanted";
	if (next_round()) {
		ipc_send(parent, 3, PAGE, rw);
	} else {
		expect_message(what, NULL, 3, 0);
		if (strcmp(page_zero, "parent") != 0)
			fail("%s: it is at address 0", what);
	}
	end_round();
}

// An error is the result, and nothing of an older message is stored.
static void
check_error(void)
{
	envid_t from = -1;
	int perm = -1, r;

	if (next_round())
		ipc_send(parent, 1, PAGE, ro);
	else
		expect_message("a page", TARGET, 1, ro);
	end_round();
	if (child == 0)
		return;
	r = ipc_recv(&from, TARGET + 1, &perm);
	must_be(r, -E_INVAL, "ipc_recv returns the error of sys_ipc_recv");
	if (from != 0 || perm != 0)
		fail("ipc_recv fails, but stores %08x and %x instead of 0",
		     from, perm);
	must_be(ipc_recv(NULL, TARGET + 1, NULL), -E_INVAL,
	        "ipc_recv returns the error of sys_ipc_recv");
}

// ipc_send waits until the other is there.
static void
check_waiting(void)
{
	for (int i = 0; i < 3; i++) {
		if (next_round()) {
			ipc_send(parent, i, NULL, 0);
		} else {
			for (int n = 0; n < 50; n++)
				sys_yield();
			if (shared->done == round)
				fail("ipc_send returns before the message is "
				     "taken");
			expect_message("a message that had to wait", NULL, i,
			               0);
		}
		end_round();
	}
}

// Then the other way round: the child is the one that waits, for its parent.
static void
check_receiver_first(void)
{
	if (next_round()) {
		envid_t from;
		uint32_t word = ipc_recv(&from, NULL, NULL);

		if (word != 12 || from != parent)
			fail("the child gets %u from %08x instead of 12 from "
			     "%08x",
			     word, from, parent);
	} else {
		wait_for(waits(child), "ipc_recv does not wait");
		ipc_send(child, 12, NULL, 0);
	}
	end_round();
}

// What the kernel refuses ends in a panic.
static void __attribute__((noreturn)) check_refusal(const char *what)
{
	envid_t other = sys_exofork();

	if (strcmp(what, "dead") == 0) {
		sys_env_destroy(other);
		ipc_send(other, 0, NULL, 0);
	} else if (strcmp(what, "perm") == 0) {
		ipc_send(other, 0, PAGE, PTE_P);
	} else if (strcmp(what, "absent") == 0) {
		ipc_send(other, 0, ABSENT, ro);
	} else if (strcmp(what, "self") == 0) {
		ipc_send(sys_getenvid(), 0, NULL, 0);
	}
	fail("ipc_send returns, though the kernel refuses the message: %s",
	     what);
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	parent = sys_getenvid();
	must_be(sys_page_alloc(0, (void *)shared, rw | PTE_SHARE), 0, "a page");
	must_be(sys_page_alloc(0, PAGE, rw), 0, "a page");
	must_be(sys_page_alloc(0, NULL, rw), 0, "a page at 0");
	if (argc > 2)
		check_refusal(argv[2]);
	child = fork();
	if (child < 0)
		fail("fork: %e", child);
	strcpy(page_zero, child ? "parent" : "child");
	strcpy(PAGE, child ? "parent" : "child");
	check_words();
	check_stores();
	check_pages();
	check_error();
	check_waiting();
	check_receiver_first();
	if (child == 0)
		exit();
	wait(child);
	pass();
}
