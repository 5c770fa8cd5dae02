// Tests that no system call harms the kernel: every number from 0 to 255, again
// and again, with random arguments (as many rounds as the second argument
// says). Only what would end this program on purpose is left out: destroying
// itself, and printing from memory that it may not read.

#include <inc/lib.h>

static const char text[] = ".";

// A random argument: often a number on the edge of something.
static uint32_t
argument(void)
{
	static const uint32_t edges[] = {
		0,         1,        PGSIZE - 1, PGSIZE,     UTEXT,
		USTACKTOP, UTOP - 1, UTOP,       ULIM - 1,   ULIM,
		KERNBASE,  -PGSIZE,  -1,         0x7fffffff, 0x80000000,
	};
	uint32_t r = test_random();

	return r & 1 ? edges[(r >> 1) % ARRAY_SIZE(edges)] : test_random();
}

static void
call(uint32_t num)
{
	uint32_t a1 = argument(), a2 = argument();

	if (num == SYS_cputs) {
		a1 = (uint32_t)(uintptr_t)text;
		a2 = 0;
	}
	if (num == SYS_env_destroy &&
	    (a1 == 0 || a1 == (uint32_t)sys_getenvid()))
		a1 = -1;
	sys_raw(num, a1, a2, argument(), argument(), argument());
}

void
umain(int argc, char **argv)
{
	const envid_t me = sys_getenvid();
	uint32_t rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 10;

	test_start(argc, argv);
	for (uint32_t round = 0; round < rounds; round++)
		for (uint32_t num = 0; num < 256; num++)
			call(num);
	if (sys_getenvid() != me)
		fail("getenvid gives %08x instead of %08x", sys_getenvid(), me);
	report("rounds", rounds);
	pass();
}
