// Tests waiting for a message before sending exists: which addresses
// sys_ipc_recv takes, and that its caller then blocks until its parent makes it
// runnable again.

#include <inc/lib.h>

// Shared by parent and child.
static volatile struct {
	uint32_t round; // the child is in it
	uint32_t va;    // where it wants a page
	uint32_t done;  // the last round that it has finished
	int result;
} *const shared = (void *)0x10000000;

static const int rw = PTE_P | PTE_U | PTE_W;

// How often to check that a blocked child does not run.
#define LOOKS 20

// The child: receive each time the parent says where.
static void
receive(void)
{
	for (uint32_t round = 1;; round++) {
		wait_for(shared->round == round, "there is no next round");
		shared->result = sys_ipc_recv((void *)shared->va);
		shared->done = round;
	}
}

static void
start(uint32_t va)
{
	shared->va = va;
	shared->round++;
}

static bool
done(void)
{
	return shared->done == shared->round;
}

static bool
waits(const volatile struct Env *e)
{
	return e->env_ipc_recving && e->env_status == ENV_NOT_RUNNABLE;
}

static void
check_result(uint32_t va, int wanted)
{
	if (shared->result != wanted)
		fail("sys_ipc_recv(%08x) gives %d instead of %d", va,
		     shared->result, wanted);
}

// An address that the child may give: it must block there.
static void
check_wait(envid_t child, uint32_t va)
{
	const volatile struct Env *e = &envs[ENVX(child)];
	uint32_t runs;

	start(va);
	wait_for(waits(e) || done(),
	         "sys_ipc_recv(%08x) does not wait: env_ipc_recving is %d and "
	         "env_status %d",
	         va, e->env_ipc_recving, e->env_status);
	if (done())
		fail("sys_ipc_recv(%08x) gives %d at once instead of waiting",
		     va, shared->result);
	if (va < UTOP ? e->env_ipc_dstva != va : e->env_ipc_dstva < UTOP)
		fail("sys_ipc_recv(%08x) leaves %08x in env_ipc_dstva", va,
		     (uint32_t)e->env_ipc_dstva);
	runs = e->env_runs;
	for (int i = 0; i < LOOKS; i++)
		sys_yield();
	must_be(sys_env_set_status(child, ENV_NOT_RUNNABLE), 0,
	        "a parent may stop a child that waits");
	for (int i = 0; i < LOOKS; i++)
		sys_yield();
	if (!waits(e) || e->env_runs != runs)
		fail("one that waits for a message must not run: env_runs "
		     "went from %u to %u",
		     runs, e->env_runs);
}

// The parent makes it runnable again, which ends the wait.
static void
check_wake(envid_t child, uint32_t va)
{
	const volatile struct Env *e = &envs[ENVX(child)];

	must_be(sys_env_set_status(child, ENV_RUNNABLE), 0,
	        "a parent may let a child run that waits");
	wait_for(done(), "one that waited, made ENV_RUNNABLE, does not go on");
	check_result(va, -E_UNSPECIFIED);
	if (e->env_ipc_recving)
		fail("one that no longer waits has env_ipc_recving set");
}

// An address that the child may not give: it must not block.
static void
check_refusal(envid_t child, uint32_t va)
{
	const volatile struct Env *e = &envs[ENVX(child)];

	start(va);
	wait_for(waits(e) || done(), "sys_ipc_recv(%08x) does not return", va);
	if (!done())
		fail("sys_ipc_recv(%08x) waits, though its address is below "
		     "UTOP and not page-aligned",
		     va);
	check_result(va, -E_INVAL);
	if (e->env_ipc_recving)
		fail("sys_ipc_recv(%08x) is refused, but leaves "
		     "env_ipc_recving set",
		     va);
}

void
umain(int argc, char **argv)
{
	static const uint32_t edges[] = {
		0,    1,        PGSIZE - 1, PGSIZE,   UTOP - PGSIZE, UTOP - 1,
		UTOP, UTOP + 1, UVPT,       ULIM - 1, KERNBASE,      -1,
	};
	envid_t child;

	test_start(argc, argv);
	must_be(sys_page_alloc(0, (void *)shared, rw | PTE_SHARE), 0, "a page");
	child = fork();
	if (child < 0)
		fail("fork: %e", child);
	if (child == 0)
		receive();
	for (size_t i = 0; i < ARRAY_SIZE(edges) + 20; i++) {
		uint32_t va = i < ARRAY_SIZE(edges) ? edges[i] : test_random();

		if (i >= ARRAY_SIZE(edges) && i % 2)
			va &= -PGSIZE;
		if (va < UTOP && PGOFF(va)) {
			check_refusal(child, va);
		} else {
			check_wait(child, va);
			check_wake(child, va);
		}
	}
	// A blocked child can be ended.
	check_wait(child, UTOP);
	must_be(sys_env_destroy(child), 0, "a parent may end a child");
	wait(child);
	pass();
}
