// Strings and blocks of memory, shared by the kernel and user programs.
//
// Functions that C knows do what C says unless their comment says otherwise.
// Source: ISO C17 7.24, "String handling"; strlcpy and strnlen: IEEE Std
// 1003.1-2024.

#include <inc/string.h>

// ---------------------------------------------------------------------------
// Strings

// Returns:  the number of characters before the NUL.
size_t
strlen(const char *s)
{
	size_t n = 0;

	while (s[n] != '\0')
		n++;
	return n;
}

// Like strlen, but look at no more than `max` characters.
size_t
strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n] != '\0')
		n++;
	return n;
}

// Copy `src` with its NUL. Needs room for it: prefer strlcpy.
char *
strcpy(char *dst, const char *src)
{
	memcpy(dst, src, strlen(src) + 1);
	return dst;
}

// Fill the `n` bytes at `dst` with the characters of `src` and then zeros.
// A longer `src` is cut short, and then no NUL ends `dst`.
char *
strncpy(char *dst, const char *src, size_t n)
{
	size_t len = strnlen(src, n);

	memcpy(dst, src, len);
	memset(dst + len, 0, n - len);
	return dst;
}

// Copy as much of `src` as fits into `size` bytes, always with a NUL (unless
// `size` is 0).
//
// Returns:  the length of `src`; the copy was cut short if that is >= `size`.
size_t
strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);

	if (size > 0) {
		size_t copied = MIN(len, size - 1);

		memcpy(dst, src, copied);
		dst[copied] = '\0';
	}
	return len;
}

// Append `src` with its NUL to `dst`. Needs room for both.
char *
strcat(char *dst, const char *src)
{
	strcpy(dst + strlen(dst), src);
	return dst;
}

// Returns:  less than, equal to or greater than 0 as `a` comes before, equals
//           or comes after `b`, compared as unsigned characters.
int
strcmp(const char *a, const char *b)
{
	return strncmp(a, b, ~(size_t)0);
}

// Like strcmp, but compare no more than `n` characters.
int
strncmp(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i] != b[i])
			return (unsigned char)a[i] - (unsigned char)b[i];
		if (a[i] == '\0')
			break;
	}
	return 0;
}

// Returns:  the first `c` in `s`, or NULL. The NUL counts as part of `s`.
char *
strchr(const char *s, int c)
{
	char *found = strfind(s, c);

	return *found == (char)c ? found : NULL;
}

// Returns:  the first `c` in `s`, or the NUL at the end of `s`.
char *
strfind(const char *s, int c)
{
	while (*s != '\0' && *s != (char)c)
		s++;
	return (char *)s;
}

// ---------------------------------------------------------------------------
// Memory

#ifdef __i386__

// The string instructions move a dword a step here, with up to three single
// bytes left over: a page takes 1024 steps. Dwords need no alignment. The
// direction flag is clear on entry to every function (System V ABI).
// Source: Intel SDM vol. 2, "REP/REPE/REPZ/REPNE/REPNZ", "MOVS", "STOS".

static inline void
fill(uint8_t *dst, uint8_t byte, size_t n)
{
	size_t words = n / 4, rest = n % 4;

	__asm__ volatile("rep stosl\n\t"
	                 "movl %2, %%ecx\n\t"
	                 "rep stosb"
	                 : "+&D"(dst), "+&c"(words)
	                 : "r"(rest), "a"(byte * 0x01010101u)
	                 : "memory");
}

// Copy from the lowest address up.
static inline void
copy_up(uint8_t *dst, const uint8_t *src, size_t n)
{
	size_t words = n / 4, rest = n % 4;

	__asm__ volatile("rep movsl\n\t"
	                 "movl %3, %%ecx\n\t"
	                 "rep movsb"
	                 : "+&D"(dst), "+&S"(src), "+&c"(words)
	                 : "r"(rest)
	                 : "memory");
}

// Copy from the highest address down: first the single bytes, then the dwords,
// whose lowest byte lies three bytes below the next byte to move.
static inline void
copy_down(uint8_t *dst, const uint8_t *src, size_t n)
{
	size_t words = n / 4, rest = n % 4;

	dst += n - 1;
	src += n - 1;
	__asm__ volatile("std\n\t"
	                 "rep movsb\n\t"
	                 "subl $3, %%edi\n\t"
	                 "subl $3, %%esi\n\t"
	                 "movl %3, %%ecx\n\t"
	                 "rep movsl\n\t"
	                 "cld"
	                 : "+&D"(dst), "+&S"(src), "+&c"(rest)
	                 : "r"(words)
	                 : "memory", "cc");
}

#else

// Plain C for any other machine, such as the host that runs the tests. The
// empty asm keeps the compiler from recognising the loop as memset or memcpy
// and making it a call of itself.
#define NO_IDIOM(p) __asm__ volatile("" : "+r"(p))

static inline void
fill(uint8_t *dst, uint8_t byte, size_t n)
{
	for (; n > 0; n--) {
		NO_IDIOM(dst);
		*dst++ = byte;
	}
}

static inline void
copy_up(uint8_t *dst, const uint8_t *src, size_t n)
{
	for (; n > 0; n--) {
		NO_IDIOM(dst);
		*dst++ = *src++;
	}
}

static inline void
copy_down(uint8_t *dst, const uint8_t *src, size_t n)
{
	while (n-- > 0) {
		NO_IDIOM(dst);
		dst[n] = src[n];
	}
}

#endif

// Set the `n` bytes at `dst` to the low byte of `c`.
void *
memset(void *dst, int c, size_t n)
{
	fill(dst, c, n);
	return dst;
}

// Copy `n` bytes between blocks that do not overlap.
void *
memcpy(void *dst, const void *src, size_t n)
{
	copy_up(dst, src, n);
	return dst;
}

// Copy `n` bytes between blocks that may overlap.
void *
memmove(void *dst, const void *src, size_t n)
{
	// Only a `dst` inside the source, above its start, forbids copying up;
	// for one below it the difference wraps to a large number.
	if ((uintptr_t)dst - (uintptr_t)src >= n)
		copy_up(dst, src, n);
	else
		copy_down(dst, src, n);
	return dst;
}

// Returns:  less than, equal to or greater than 0 as the first unequal byte
//           is smaller in `a`, does not exist, or is larger in `a`.
int
memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *left = a, *right = b;

	for (size_t i = 0; i < n; i++) {
		if (left[i] != right[i])
			return left[i] - right[i];
	}
	return 0;
}

// Returns:  the first byte equal to the low byte of `c`, or `s` + `n`.
void *
memfind(const void *s, int c, size_t n)
{
	const uint8_t *next = s, *end = next + n;

	while (next < end && *next != (uint8_t)c)
		next++;
	return (void *)next;
}

// ---------------------------------------------------------------------------
// Numbers

// The value of the digit `c`, or a number too large for any base.
static unsigned
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	return 255;
}

// Does `s` start with "0x" and a hexadecimal digit?
static bool
hex_prefixed(const char *s)
{
	return s[0] == '0' && (s[1] == 'x' || s[1] == 'X') &&
	       digit_value(s[2]) < 16;
}

// Read a number: blanks, a sign, then digits of `base`, 2 to 36. Base 16
// allows "0x" before the digits; base 0 takes "0x" to announce base 16, "0"
// base 8, and anything else base 10; no other base has digits. `*end`, unless
// `end` is NULL, becomes the first character that is no part of the number,
// which is `s` itself when there is no number.
//
// Unlike C's strtol this reads addresses too: every number up to ULONG_MAX
// keeps its bits, so that (uint32_t)strtol("0xf0100000", NULL, 0) is that
// address. Larger ones become ULONG_MAX.
//
// Returns:  the number, or 0 when there is none.
// Source:   ISO C17 7.22.1.4, "The strtol, strtoll, strtoul, and strtoull
//           functions".
long
strtol(const char *s, char **end, int base)
{
	const char *next = s, *after = s;
	unsigned long value = 0;

	while (*next == ' ' || (*next >= '\t' && *next <= '\r'))
		next++;
	bool negative = *next == '-';
	if (*next == '-' || *next == '+')
		next++;
	if ((base == 0 || base == 16) && hex_prefixed(next)) {
		base = 16;
		next += 2;
	} else if (base == 0) {
		base = *next == '0' ? 8 : 10;
	}

	unsigned limit = base >= 2 && base <= 36 ? base : 0;
	for (; digit_value(*next) < limit; after = ++next) {
		if (__builtin_mul_overflow(value, limit, &value) ||
		    __builtin_add_overflow(value, digit_value(*next), &value))
			value = ~0UL;
	}
	if (end != NULL)
		*end = (char *)after;
	return negative ? -value : value;
}
