// Tests sys_env_set_status: who may be let run and stopped, and that it runs
// or stops then. With the argument `stop` it stops itself, for good, and a
// second copy of it (boot argument copies=2) passes when that is so.

#include <inc/lib.h>

// How many time slices others get before one counts as stopped.
#define TURNS 200
// How many time slices one gets to do what little there is to do.
#define MANY_TURNS 100000

static const char *
status_name(uint32_t status)
{
	static const char *const names[] = {
		[ENV_FREE] = "ENV_FREE",
		[ENV_DYING] = "ENV_DYING",
		[ENV_RUNNABLE] = "ENV_RUNNABLE",
		[ENV_RUNNING] = "ENV_RUNNING",
		[ENV_NOT_RUNNABLE] = "ENV_NOT_RUNNABLE",
	};

	return status < ARRAY_SIZE(names) ? names[status] : "no status";
}

static void
set_status(envid_t id, uint32_t status, int wanted)
{
	expect_call(sys_env_set_status(id, status), wanted,
	            "sys_env_set_status(%08x, %u), %s,", id, status,
	            status_name(status));
}

static void
expect_status(envid_t id, uint32_t wanted)
{
	const volatile struct Env *e = &envs[ENVX(id)];

	if (e->env_id != id)
		fail("the env_id of environment %08x has become %08x", id,
		     e->env_id);
	if (e->env_status != wanted)
		fail("the env_status of %08x is %d, %s, instead of %s", id,
		     e->env_status, status_name(e->env_status),
		     status_name(wanted));
}

// Every status but two is refused, and changes nothing.
static void
check_values(envid_t id, uint32_t status_now)
{
	static const uint32_t bad[] = { 0,          1,          3,
		                        5,          6,          7,
		                        8,          9,          10,
		                        0x102,      0x104,      0x10002,
		                        0x10004,    0x80000000, 0x80000002,
		                        0x80000004, 0xfffffffe, 0xffffffff };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		set_status(id, bad[i], -E_INVAL);
		expect_status(id ? id : sys_getenvid(), status_now);
	}
}

// Our own status: we run, and may continue to.
static void
check_self(void)
{
	const envid_t me = sys_getenvid();

	check_values(0, ENV_RUNNING);
	check_values(me, ENV_RUNNING);
	set_status(0, ENV_RUNNABLE, 0);
	expect_status(me, ENV_RUNNING);
	set_status(me, ENV_RUNNABLE, 0);
	expect_status(me, ENV_RUNNING);
	sys_yield();
	expect_status(me, ENV_RUNNING);
}

static void
try_bad_id(envid_t id, const char *why)
{
	const volatile struct Env *e = &envs[ENVX(id)];
	const enum EnvStatus before = e->env_status;

	expect_call(sys_env_set_status(id, ENV_NOT_RUNNABLE), -E_BAD_ENV,
	            "sys_env_set_status(%08x, ENV_NOT_RUNNABLE), %s,", id, why);
	expect_call(sys_env_set_status(id, ENV_RUNNABLE), -E_BAD_ENV,
	            "sys_env_set_status(%08x, ENV_RUNNABLE), %s,", id, why);
	expect_call(sys_env_destroy(id), -E_BAD_ENV,
	            "sys_env_destroy(%08x), %s,", id, why);
	// One scheduled round-robin with us changes between the two.
	if (id != test_foreign && e->env_status != before)
		fail("sys_env_set_status(%08x), %s, made envs[%d] %s", id, why,
		     ENVX(id), status_name(e->env_status));
}

// How often to try what the timer can spoil: it may end a child's time slice
// before its first instruction.
#define TRIES 8

// Let a child run that has no memory, so that its first instruction is a page
// fault, which ends it. `times` says how often it is told.
//
// Returns:  how many time slices it has had.
static uint32_t
run_child(int times)
{
	envid_t child = test_newborn();
	const volatile struct Env *e = &envs[ENVX(child)];

	for (int i = 0; i < times; i++) {
		int r = sys_env_set_status(child, ENV_RUNNABLE);

		// It may have run in between.
		if (i == 0 || r != -E_BAD_ENV)
			expect_call(r, 0,
			            "sys_env_set_status(%08x, ENV_RUNNABLE)",
			            child);
	}
	for (int i = 0; i < (e->env_runs ? MANY_TURNS : TURNS); i++) {
		if (e->env_status == ENV_FREE)
			break;
		sys_yield();
	}
	if (e->env_runs == 0)
		fail("child %08x was made ENV_RUNNABLE, but does not run; its "
		     "env_status is %s",
		     child, status_name(e->env_status));
	return e->env_runs;
}

// A runnable child runs, and once only.
static void
check_runs(int times)
{
	uint32_t runs = 0;

	for (int i = 0; i < TRIES && runs != 1; i++)
		runs = run_child(times);
	if (runs != 1)
		fail("a child, which dies at once, was run %u times", runs);
}

// A child that is stopped before its first time slice never runs. On several
// CPUs, or with a timer, it may run before it is stopped: then the next one
// tries.
static void
check_stopped(void)
{
	for (int i = 0; i < TRIES; i++) {
		envid_t child = test_newborn();
		const volatile struct Env *e = &envs[ENVX(child)];
		int r;

		set_status(child, ENV_NOT_RUNNABLE, 0);
		expect_status(child, ENV_NOT_RUNNABLE);
		set_status(child, ENV_RUNNABLE, 0);
		r = sys_env_set_status(child, ENV_NOT_RUNNABLE);
		if (e->env_runs > 0) {
			sys_env_destroy(child);
			continue;
		}
		expect_call(r, 0, "sys_env_set_status(%08x, ENV_NOT_RUNNABLE)",
		            child);
		for (int k = 0; k < TURNS; k++) {
			expect_status(child, ENV_NOT_RUNNABLE);
			sys_yield();
		}
		if (e->env_runs != 0)
			fail("child %08x ran while it was ENV_NOT_RUNNABLE",
			     child);
		check_values(child, ENV_NOT_RUNNABLE);
		set_status(child, ENV_NOT_RUNNABLE, 0);
		expect_status(child, ENV_NOT_RUNNABLE);
		test_destroy(child);
		return;
	}
}

// Of two children, the one that may run first runs first, though it was made
// second. The grader sees who did: each dies at once, in its first turn.
static void
check_order(void)
{
	envid_t first = 0, second = 0;
	uint32_t runs = 0;

	for (int i = 0; i < TRIES && runs != 1; i++) {
		second = test_newborn();
		first = test_newborn();
		set_status(first, ENV_RUNNABLE, 0);
		set_status(second, ENV_RUNNABLE, 0);
		test_child_wait(first);
		test_child_wait(second);
		runs = envs[ENVX(first)].env_runs;
	}
	report("first", first);
	report("second", second);
}

// Stop. Another copy of the program sees to it that this is what happens.
static void
stop(void)
{
	const volatile struct Env *e = &envs[0];
	uint32_t runs;

	if (thisenv == e) {
		set_status(0, ENV_NOT_RUNNABLE, 0);
		fail("it went on though it was made ENV_NOT_RUNNABLE; its "
		     "env_status is %s",
		     status_name(e->env_status));
	}
	for (int i = 0; i < MANY_TURNS; i++) {
		if (e->env_status == ENV_FREE)
			exit();
		if (e->env_status == ENV_NOT_RUNNABLE)
			break;
		sys_yield();
	}
	for (int i = 0; i < TURNS; i++) {
		runs = e->env_runs;
		sys_yield();
	}
	if (e->env_runs != runs || e->env_status != ENV_NOT_RUNNABLE)
		fail("it has become %s again", status_name(e->env_status));
	pass();
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	if (argc > 2 && strcmp(argv[2], "stop") == 0)
		stop();
	test_others();
	check_stopped();
	check_self();
	check_runs(1);
	check_runs(2);
	check_order();
	test_bad_ids(try_bad_id);
	pass();
}
