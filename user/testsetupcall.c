// Tests sys_env_set_pgfault_upcall: whose upcall may be set, to any value, and
// that a new child has none.

#include <inc/lib.h>

static void
set(envid_t env, uintptr_t func, int wanted, const char *why)
{
	expect_call(sys_env_set_pgfault_upcall(env, (void (*)(void))func),
	            wanted, "sys_env_set_pgfault_upcall(%08x, %08x), %s,", env,
	            (uint32_t)func, why);
}

static void
expect_upcall(envid_t env, uintptr_t wanted)
{
	const volatile struct Env *e = &envs[ENVX(env)];

	if (e->env_pgfault_upcall != wanted)
		fail("the env_pgfault_upcall of %08x is %08x instead of %08x",
		     env, (uint32_t)e->env_pgfault_upcall, (uint32_t)wanted);
}

// Set the upcall of `env`, the caller or a child, to all sorts of values;
// `other`'s stays as it is.
static void
check_values(envid_t arg, envid_t env, envid_t other)
{
	const uintptr_t values[] = { UTEXT,      0,          1,
		                     UTOP - 1,   UTOP,       ULIM,
		                     KERNBASE,   0xdeadbeef, UXSTACKTOP - 4,
		                     0xffffffff, 0 };
	const uintptr_t others = envs[ENVX(other)].env_pgfault_upcall;
	const uintptr_t last = test_random();

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		set(arg, values[i], 0, "any address");
		expect_upcall(env, values[i]);
		expect_upcall(other, others);
	}
	set(arg, last, 0, "any address");
	expect_upcall(env, last);
	expect_upcall(other, others);
}

static envid_t child;

static void
try_bad_id(envid_t id, const char *why)
{
	const uintptr_t ours = thisenv->env_pgfault_upcall,
			its = envs[ENVX(id)].env_pgfault_upcall,
			childs = envs[ENVX(child)].env_pgfault_upcall;

	set(id, test_random(), -E_BAD_ENV, why);
	set(id, 0, -E_BAD_ENV, why);
	expect_upcall(sys_getenvid(), ours);
	expect_upcall(child, childs);
	if (envs[ENVX(id)].env_pgfault_upcall != its)
		fail("sys_env_set_pgfault_upcall(%08x), %s, was refused, but "
		     "has changed the env_pgfault_upcall in envs[%d]",
		     id, why, ENVX(id));
}

void
umain(int argc, char **argv)
{
	envid_t me, grown;

	test_start(argc, argv);
	test_others();
	me = sys_getenvid();
	expect_upcall(me, 0);
	child = test_newborn();
	expect_upcall(child, 0);
	check_values(0, me, child);
	check_values(me, me, child);
	check_values(child, child, me);
	if (envs[ENVX(child)].env_status != ENV_NOT_RUNNABLE)
		fail("a child whose upcall was set has status %d",
		     envs[ENVX(child)].env_status);
	test_bad_ids(try_bad_id);

	// The slot's last tenant had an upcall, and so have we.
	test_destroy(child);
	grown = test_newborn();
	if (envs[ENVX(grown)].env_pgfault_upcall != 0)
		fail("the env_pgfault_upcall of a new child is %08x instead "
		     "of 0",
		     (uint32_t)envs[ENVX(grown)].env_pgfault_upcall);
	set(0, 0, 0, "no upcall");
	expect_upcall(me, 0);
	test_destroy(grown);
	pass();
}
