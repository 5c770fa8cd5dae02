// Tests that a program may divide 64-bit numbers, and gets a divide error where
// it divides one by zero.

#include <inc/lib.h>

// (volatile: the compiler must not work it out itself.)
static volatile uint64_t n = 1000000000000000003, d = 10000000019, zero;
static volatile int64_t least = -0x7fffffffffffffff - 1, minus = -1;

static void
expect(const char *what, uint64_t seen, uint64_t wanted)
{
	if (seen != wanted)
		fail("%s is %llx instead of %llx", what, seen, wanted);
}

void
umain(int argc, char **argv)
{
	const uint64_t quotient = n / d, rem = n % d;

	test_start(argc, argv);
	expect("the quotient", quotient, 99999999);
	expect("the remainder", rem, 8100000022);
	expect("-10^18 / 10^10", -(int64_t)n / (int64_t)d, -99999999);
	expect("the least number by -1", least / minus, least);
	expect("and its remainder", least % minus, 0);
	cprintf("testint64: right so far\n");
	report("testint64", 1);
	cprintf("one by zero makes %llu\n", n / zero);
}
