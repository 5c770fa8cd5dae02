// Tests as many environments at once as there can be: fork until the kernel has
// no more, and get a message to and from each. Takes as the second argument how
// often. Needs less than 64 MiB; says how much.

#include <inc/lib.h>

static envid_t child[NENV];

static uint32_t
answer(uint32_t word, envid_t who)
{
	return (word ^ who) * 2654435761U;
}

// A child: answer one message, and let others run.
static void __attribute__((noreturn)) reply(envid_t parent)
{
	envid_t from;
	uint32_t word = ipc_recv(&from, NULL, NULL);

	if (from != parent)
		fail("a message came from %08x instead of %08x", from, parent);
	sys_yield();
	ipc_send(parent, answer(word, thisenv->env_id), NULL, 0);
	exit();
}

// Fork until there is no environment left. Returns how many children that are.
static uint32_t
fill(uint32_t room)
{
	const envid_t me = sys_getenvid();

	for (uint32_t n = 0;; n++) {
		envid_t id = fork();

		if (id == 0)
			reply(me);
		if (id > 0 && n < room && envs[ENVX(id)].env_id == id) {
			child[n] = id;
			continue;
		}
		if (id != -E_NO_FREE_ENV)
			fail("with %u environments there are, fork gives %d "
			     "(%e) instead of %d",
			     test_envs_used(), id, id < 0 ? id : 0,
			     -E_NO_FREE_ENV);
		return n;
	}
}

static void
run_round(uint32_t room, uint32_t used)
{
	const uint32_t word = test_random();
	const uint32_t n = fill(room);
	uint32_t sum = 0, full;

	if (n != room)
		fail("fork finds no free environment, though %u of %u are free",
		     room - n, room);
	for (uint32_t i = 0; i < n; i++)
		wait_for(envs[ENVX(child[i])].env_status == ENV_NOT_RUNNABLE,
		         "child %08x does not wait for a message", child[i]);
	full = test_pages_used();
	must_be(sys_exofork(), -E_NO_FREE_ENV,
	        "with all environments in use there is no other");
	must_be(fork(), -E_NO_FREE_ENV,
	        "with all environments in use there is no other");
	if (test_pages_used() != full)
		fail("fork, which has no environment left, keeps %u pages",
		     test_pages_used() - full);
	cprintf("%s: %u environments at once have %u KiB\n", binaryname, n + 1,
	        full * (PGSIZE / 1024));

	for (uint32_t i = 0; i < n; i++)
		ipc_send(child[i], word + i, NULL, 0);
	// The answers come in any order.
	for (uint32_t i = 0; i < n; i++)
		sum += answer(word + i, child[i]);
	for (uint32_t i = 0; i < n; i++) {
		envid_t from;

		sum -= ipc_recv(&from, NULL, NULL);
		child[i] = from;
	}
	if (sum != 0)
		fail("the %u answers are not those that were expected", n);
	for (uint32_t i = 0; i < n; i++)
		wait(child[i]);
	if (test_envs_used() != NENV - room || test_pages_used() != used)
		fail("in the end %u environments have %u pages, instead of %u "
		     "and %u",
		     test_envs_used(), test_pages_used(), NENV - room, used);
}

void
umain(int argc, char **argv)
{
	uint32_t rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	uint32_t used, room;

	test_start(argc, argv);
	// What fork and copying on write need once is there, then.
	child[0] = fork();
	if (child[0] == 0)
		exit();
	wait(child[0]);
	memset(child, 0, sizeof(child));
	room = NENV - test_envs_used();
	used = test_pages_used();
	for (uint32_t round = 0; round < rounds; round++)
		run_round(room, used);
	report("environments", room);
	pass();
}
