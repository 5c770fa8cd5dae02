// Integer types and small arithmetic shared by the kernel and user programs.
#ifndef JOS_INC_TYPES_H
#define JOS_INC_TYPES_H

#include <stdbool.h>
#include <stddef.h>

// Not from <stdint.h>: compilers for bare i386 disagree whether uint32_t is an
// int or a long there, and then %x warns with some of them.
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long long int64_t;
typedef unsigned long long uint64_t;
typedef __INTPTR_TYPE__ intptr_t;
typedef __UINTPTR_TYPE__ uintptr_t;
typedef __PTRDIFF_TYPE__ ssize_t;

typedef int32_t off_t;

typedef uint32_t physaddr_t; // an address on the memory bus
typedef uint32_t ppn_t;      // a physical page number: physaddr_t / PGSIZE
typedef int32_t envid_t;     // see inc/env.h

// Each operand is evaluated once. Both must have compatible arithmetic types.
#define MIN(a, b)                                                              \
	__extension__({                                                        \
		__typeof__(a) min_a = (a);                                     \
		__typeof__(b) min_b = (b);                                     \
		min_a < min_b ? min_a : min_b;                                 \
	})
#define MAX(a, b)                                                              \
	__extension__({                                                        \
		__typeof__(a) max_a = (a);                                     \
		__typeof__(b) max_b = (b);                                     \
		max_a > max_b ? max_a : max_b;                                 \
	})

// clang-format off
// The multiple of `n` at or below / at or above `x`. `n` is a power of two;
// `x` may be an integer, a pointer, or an array, which counts as a pointer to
// its start; the result has its type. Each operand is evaluated once.
#define ROUNDDOWN(x, n)                                                        \
	((__typeof__((void)0, (x)))((uintptr_t)(x) & ~((uintptr_t)(n) - 1)))
#define ROUNDUP(x, n)                                                          \
	((__typeof__((void)0, (x)))((((uintptr_t)(x) - 1) |                    \
	                             ((uintptr_t)(n) - 1)) + 1))
// clang-format on

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
