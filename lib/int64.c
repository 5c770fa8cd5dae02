// Arithmetic on 64-bit numbers that i386 has no instruction for: compilers call
// these functions where a program divides such numbers (gcc also where it wants
// quotient and remainder at once), and would otherwise find them in a library
// of their own, which we do not link. Shared by the kernel and user programs.
//
// Nothing here divides 64-bit numbers, nor shifts them by a number that is not
// constant except where compilers have instructions for it: that would be a
// call of a function in this file.
//
// Source: "GCC Internals", "Routines for integer arithmetic".

#include <inc/types.h>

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rem);
uint64_t __udivdi3(uint64_t n, uint64_t d);
uint64_t __umoddi3(uint64_t n, uint64_t d);
int64_t __divmoddi4(int64_t n, int64_t d, int64_t *rem);
int64_t __divdi3(int64_t n, int64_t d);
int64_t __moddi3(int64_t n, int64_t d);
int64_t __ashldi3(int64_t x, int by);
int64_t __lshrdi3(int64_t x, int by);
int64_t __ashrdi3(int64_t x, int by);
int64_t __muldi3(int64_t a, int64_t b);

// The two 32-bit words of a number.
static inline uint32_t
low(uint64_t x)
{
	return (uint32_t)x;
}

static inline uint32_t
high(uint64_t x)
{
	return (uint32_t)(x >> 32);
}

static inline uint64_t
join(uint32_t hi, uint32_t lo)
{
	return (uint64_t)hi << 32 | lo;
}

// The number of leading zero bits of `x`, which is not 0.
static inline int
leading_zeros(uint64_t x)
{
	return high(x) ? __builtin_clz(high(x)) : 32 + __builtin_clz(low(x));
}

// Raise the exception that dividing a 32-bit number by zero raises.
static void
divide_by_zero(uint32_t n)
{
	// Hide the zero from the compiler: dividing by a constant zero is
	// undefined.
	volatile uint32_t zero = 0;
	volatile uint32_t quotient = n / zero;

	(void)quotient;
}

// Returns:  `n` divided by `d`; the remainder is in *rem unless that is NULL.
uint64_t
__udivmoddi4(uint64_t n, uint64_t d, uint64_t *rem)
{
	uint64_t quotient = 0;

	if (d == 0)
		divide_by_zero(low(n));
	// As with pencil and paper, in base 2: from the place where the first
	// digits of both are below each other.
	if (d != 0 && n >= d) {
		int place = leading_zeros(d) - leading_zeros(n);
		uint64_t part = __ashldi3(d, place);

		for (; place >= 0; place--) {
			quotient <<= 1;
			if (n >= part) {
				n -= part;
				quotient |= 1;
			}
			part >>= 1;
		}
	}
	if (rem)
		*rem = n;
	return quotient;
}

uint64_t
__udivdi3(uint64_t n, uint64_t d)
{
	return __udivmoddi4(n, d, NULL);
}

uint64_t
__umoddi3(uint64_t n, uint64_t d)
{
	uint64_t rem;

	__udivmoddi4(n, d, &rem);
	return rem;
}

// The magnitude of a signed number. Unsigned, so that of the least fits too.
static inline uint64_t
magnitude(int64_t x)
{
	return x < 0 ? -(uint64_t)x : (uint64_t)x;
}

// The quotient is rounded towards zero; the remainder has the sign of `n`. The
// least number divided by -1 is itself, the last 64 bits of the true quotient.
//
// Returns:  `n` divided by `d`; the remainder is in *rem unless that is NULL.
int64_t
__divmoddi4(int64_t n, int64_t d, int64_t *rem)
{
	uint64_t left;
	uint64_t quotient = __udivmoddi4(magnitude(n), magnitude(d), &left);

	if (rem)
		*rem = n < 0 ? -left : left;
	return (n < 0) != (d < 0) ? -quotient : quotient;
}

int64_t
__divdi3(int64_t n, int64_t d)
{
	return __divmoddi4(n, d, NULL);
}

int64_t
__moddi3(int64_t n, int64_t d)
{
	int64_t rem;

	__divmoddi4(n, d, &rem);
	return rem;
}

// Returns:  `x` shifted left by 0 to 63.
int64_t
__ashldi3(int64_t x, int by)
{
	if (by >= 32)
		return join(low(x) << (by - 32), 0);
	if (by == 0)
		return x;
	return join(high(x) << by | low(x) >> (32 - by), low(x) << by);
}

// Returns:  `x` shifted right by 0 to 63, with zeros coming in.
int64_t
__lshrdi3(int64_t x, int by)
{
	if (by >= 32)
		return high(x) >> (by - 32);
	if (by == 0)
		return x;
	return join(high(x) >> by, high(x) << (32 - by) | low(x) >> by);
}

// Returns:  `x` shifted right by 0 to 63, with copies of its sign coming in.
int64_t
__ashrdi3(int64_t x, int by)
{
	const uint64_t sign = x < 0 ? -1 : 0;

	return __lshrdi3(x ^ sign, by) ^ sign;
}

// Returns:  the last 64 bits of `a` times `b`.
int64_t
__muldi3(int64_t a, int64_t b)
{
	const uint64_t product = (uint64_t)low(a) * low(b);

	return product + join(high(a) * low(b) + low(a) * high(b), 0);
}
