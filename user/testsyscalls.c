// Tests the results of system calls: the calls of lab 3, and -E_INVAL for
// numbers that no call has, or none yet.

#include <inc/lib.h>

// The first number that is in inc/syscall.def only for labs to come.
#define FIRST_MISSING SYS_page_alloc

static void
expect(const char *what, int32_t seen, int32_t wanted)
{
	if (seen != wanted)
		fail("%s returned %d instead of %d", what, seen, wanted);
}

void
umain(int argc, char **argv)
{
	const uint32_t me = sys_getenvid();

	test_start(argc, argv);
	expect("number NSYSCALLS", sys_raw(NSYSCALLS, 0, 0, 0, 0, 0), -E_INVAL);
	for (uint32_t num = FIRST_MISSING; num < NSYSCALLS; num++)
		expect("a number that has no function yet",
		       sys_raw(num, 0, 0, 0, 0, 0), -E_INVAL);
	expect("number 255", sys_raw(255, 1, 2, 3, 4, 5), -E_INVAL);
	expect("number -1", sys_raw(-1, 1, 2, 3, 4, 5), -E_INVAL);
	for (int i = 0; i < 32; i++) {
		uint32_t num = test_random();

		expect("an unknown number",
		       sys_raw(MAX(num, (uint32_t)NSYSCALLS), num, me, 0, 0, 0),
		       -E_INVAL);
	}
	expect("getenvid", sys_getenvid(), thisenv->env_id);
	expect("cputs of nothing", sys_raw(SYS_cputs, 1, 0, 0, 0, 0), 0);
	expect("cputs of a character",
	       sys_raw(SYS_cputs, (uint32_t)(uintptr_t) "\n", 1, 0, 0, 0), 0);
	expect("cgetc with nothing typed", sys_cgetc(), 0);

	// The slot's next tenant, its last one, another slot, no slot.
	expect("destroying a later id", sys_env_destroy(me + NENV * 4),
	       -E_BAD_ENV);
	expect("destroying slot 1", sys_env_destroy(me + 1), -E_BAD_ENV);
	expect("destroying id 1", sys_env_destroy(1), -E_BAD_ENV);
	expect("destroying id -1", sys_env_destroy(-1), -E_BAD_ENV);
	pass();
}
