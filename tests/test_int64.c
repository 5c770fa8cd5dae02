// Checks lib/int64.c, whose functions carry the prefix jos here, against what
// this machine's own instructions or its compiler's library give. Exit status
// 0, or 1 after a line that shows what differs.

#include <stdint.h>
#include <stdio.h>

#define ROUNDS 2000000

uint64_t jos__udivmoddi4(uint64_t n, uint64_t d, uint64_t *rem);
uint64_t jos__udivdi3(uint64_t n, uint64_t d);
uint64_t jos__umoddi3(uint64_t n, uint64_t d);
int64_t jos__divmoddi4(int64_t n, int64_t d, int64_t *rem);
int64_t jos__divdi3(int64_t n, int64_t d);
int64_t jos__moddi3(int64_t n, int64_t d);
int64_t jos__ashldi3(int64_t x, int by);
int64_t jos__lshrdi3(int64_t x, int by);
int64_t jos__ashrdi3(int64_t x, int by);
int64_t jos__muldi3(int64_t a, int64_t b);

static const uint64_t edges[] = {
	0,
	1,
	2,
	3,
	7,
	10,
	0x7fffffff,
	0x80000000,
	0x80000001,
	0xffffffff,
	0x100000000,
	0x100000001,
	0x1ffffffff,
	0x7fffffff00000000,
	0x7fffffffffffffff,
	0x8000000000000000,
	0x8000000000000001,
	0xffffffff00000000,
	0xfffffffffffffff6,
	0xffffffffffffffff,
};
#define EDGES (sizeof(edges) / sizeof(edges[0]))

static int
differs(const char *what, uint64_t a, uint64_t b, uint64_t seen,
        uint64_t wanted)
{
	if (seen == wanted)
		return 0;
	printf("%s of %016llx and %016llx: %016llx instead of %016llx\n", what,
	       (unsigned long long)a, (unsigned long long)b,
	       (unsigned long long)seen, (unsigned long long)wanted);
	return 1;
}

static int
check_signed(int64_t n, int64_t d)
{
	// C does not say what the least number divided by -1 is.
	const int wraps = d == -1;
	int64_t quotient = wraps ? (int64_t)(0 - (uint64_t)n) : n / d;
	int64_t rem = wraps ? 0 : n % d, left;

	return differs("__divdi3", n, d, jos__divdi3(n, d), quotient) ||
	       differs("__moddi3", n, d, jos__moddi3(n, d), rem) ||
	       differs("__divmoddi4", n, d, jos__divmoddi4(n, d, &left),
	               quotient) ||
	       differs("its remainder", n, d, left, rem) ||
	       differs("__divmoddi4", n, d, jos__divmoddi4(n, d, NULL),
	               quotient);
}

static int
check_division(uint64_t n, uint64_t d)
{
	uint64_t left;

	if (d == 0)
		return 0;
	return differs("__udivdi3", n, d, jos__udivdi3(n, d), n / d) ||
	       differs("__umoddi3", n, d, jos__umoddi3(n, d), n % d) ||
	       differs("__udivmoddi4", n, d, jos__udivmoddi4(n, d, &left),
	               n / d) ||
	       differs("its remainder", n, d, left, n % d) ||
	       check_signed((int64_t)n, (int64_t)d);
}

static int
check(uint64_t a, uint64_t b)
{
	const int by = b % 64;

	return check_division(a, b) ||
	       differs("__muldi3", a, b, jos__muldi3(a, b), a * b) ||
	       differs("__ashldi3", a, by, jos__ashldi3(a, by), a << by) ||
	       differs("__lshrdi3", a, by, jos__lshrdi3(a, by), a >> by) ||
	       differs("__ashrdi3", a, by, jos__ashrdi3(a, by),
	               (int64_t)a >> by);
}

// A number of any length: most random numbers would be long ones.
// Source: G. Marsaglia, "Xorshift RNGs".
static uint64_t
random_number(void)
{
	static uint64_t state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> (state * 0x9e3779b97f4a7c15 >> 58);
}

int
main(void)
{
	for (size_t i = 0; i < EDGES; i++)
		for (size_t j = 0; j < EDGES; j++)
			if (check(edges[i], edges[j]))
				return 1;
	for (int by = 0; by < 64; by++)
		if (check(0x8123456789abcdef, by))
			return 1;
	for (int i = 0; i < ROUNDS; i++)
		if (check(random_number(), random_number()))
			return 1;
	return 0;
}
