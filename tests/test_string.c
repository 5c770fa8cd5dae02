// Checks lib/string.c, and prints what lib/printfmt.c makes of many numbers.
//
// It needs no C library, and so it runs on the host both as a 64-bit program
// and as a 32-bit one like the system's own: the latter uses the string
// instructions, and both must print the same. (In the former the functions
// carry the prefix jos_.) Exit status 0, or 1 after a line that shows what does
// not hold.

#include <inc/stdio.h>
#include <inc/string.h>

#define ROUNDS 20000
#define BLOCK  400

#ifdef __i386__

// Source: Linux, "syscalls(2)", and its table of 32-bit calls.
enum {
	CALL_EXIT = 1,
	CALL_WRITE = 4
};

static long
host_call(int number, long a, const void *b, long c)
{
	long result;

	__asm__ volatile("int $0x80"
	                 : "=a"(result)
	                 : "a"(number), "b"(a), "c"(b), "d"(c)
	                 : "memory");
	return result;
}

static long
write(int fd, const void *text, size_t n)
{
	return host_call(CALL_WRITE, fd, text, n);
}

int main(void);

// The stack is not aligned as other functions have it, which none here needs.
void
_start(void)
{
	host_call(CALL_EXIT, main(), NULL, 0);
}

#else

long write(int fd, const void *text, size_t n);

#endif

static void
say(const char *text)
{
	size_t n = 0;

	while (text[n] != '\0')
		n++;
	if (write(1, text, n) < 0)
		__builtin_trap();
}

// The first condition that does not hold ends the test.
#define CHECK(condition)                                                       \
	do {                                                                   \
		if (!(condition)) {                                            \
			say("does not hold: " #condition "\n");                \
			return 1;                                              \
		}                                                              \
	} while (0)

// The macros take arrays as they are, and do not change what they are given.
static int
check_round(void)
{
	static char array[100] __attribute__((aligned(64)));
	_Static_assert(ROUNDUP(65, 64) == 128 && ROUNDDOWN(127, 64) == 64 &&
	                       ROUNDUP(64, 64) == 64 && ROUNDUP(0, 64) == 0,
	               "constants where they are wanted");
	char *p = array + 1;
	uint32_t n = 32;

	CHECK(ROUNDUP(array, 64) == array && ROUNDDOWN(array, 64) == array);
	CHECK(ROUNDUP(p++, n) == array + 32 && p == array + 2);
	CHECK(ROUNDUP(p, n++) == array + 32 && n == 33);
	CHECK(ROUNDDOWN(p++, (n--, 2)) == array + 2 && p == array + 3);
	CHECK(sizeof(ROUNDUP((uint16_t)1, 2)) == sizeof(uint16_t));
	CHECK(ROUNDUP(0xfffffffe, 4096) == 0);
	return 0;
}

static uint32_t random_state = 1;

// xorshift32
static uint32_t
random_bits(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static uint32_t
random_below(uint32_t n)
{
	return (random_bits() >> 8) % n;
}

static uint8_t block[BLOCK], expected[BLOCK], before[BLOCK];

static void
fill_blocks(void)
{
	for (int i = 0; i < BLOCK; i++)
		block[i] = expected[i] = before[i] = random_bits();
}

static bool
blocks_equal(void)
{
	for (int i = 0; i < BLOCK; i++) {
		if (block[i] != expected[i])
			return false;
	}
	return true;
}

static int
test_memory(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		size_t n = random_below(round % 2 ? BLOCK / 2 : 12);
		size_t to = random_below(BLOCK / 2);
		size_t from = random_below(BLOCK / 2);
		int c = random_bits();

		fill_blocks();
		for (size_t i = 0; i < n; i++)
			expected[to + i] = before[from + i];
		CHECK(memmove(block + to, block + from, n) == block + to);
		CHECK(blocks_equal());

		fill_blocks();
		for (size_t i = 0; i < n; i++)
			expected[to + i] = before[from + i];
		CHECK(memcpy(block + to, before + from, n) == block + to);
		CHECK(blocks_equal());

		fill_blocks();
		for (size_t i = 0; i < n; i++)
			expected[to + i] = c;
		CHECK(memset(block + to, c, n) == block + to);
		CHECK(blocks_equal());
	}
	return 0;
}

static int
test_memory_search(void)
{
	static const uint8_t a[] = { 1, 2, 0, 200, 5 };
	static const uint8_t b[] = { 1, 2, 0, 100, 5 };

	CHECK(memcmp(a, b, 0) == 0 && memcmp(a, b, 3) == 0);
	CHECK(memcmp(a, b, 4) > 0 && memcmp(b, a, 5) < 0);
	CHECK(memcmp(a, a, 5) == 0);
	CHECK(memfind(a, 0, 5) == a + 2 && memfind(a, 200 + 256, 5) == a + 3);
	CHECK(memfind(a, 9, 5) == a + 5 && memfind(a, 1, 0) == a);
	return 0;
}

static int
test_strings(void)
{
	static const char text[4] = { 'a', 'b', 'a', '\0' };
	static const char endless[3] = { 'x', 'y', 'z' };

	CHECK(strlen("") == 0 && strlen(text) == 3);
	CHECK(strnlen(text, 9) == 3 && strnlen(text, 2) == 2);
	CHECK(strnlen(endless, 3) == 3 && strnlen(endless, 0) == 0);
	CHECK(strcmp("", "") == 0 && strcmp("abc", "abc") == 0);
	CHECK(strcmp("abc", "abd") < 0 && strcmp("b", "abc") > 0);
	CHECK(strcmp("ab", "abc") < 0 && strcmp("a\x80", "a\x7f") > 0);
	CHECK(strncmp("abc", "abd", 2) == 0 && strncmp("abc", "abd", 3) < 0);
	CHECK(strncmp("a", "b", 0) == 0 && strncmp("ab", "ab", 99) == 0);
	CHECK(strncmp(endless, endless, 3) == 0);
	CHECK(strchr(text, 'b') == text + 1 && strchr(text, 'a') == text);
	CHECK(strchr(text, '\0') == text + 3 && strchr(text, 'q') == NULL);
	CHECK(strfind(text, 'b') == text + 1 && strfind(text, 'q') == text + 3);
	CHECK(strfind(text, '\0') == text + 3);
	return 0;
}

static int
test_copies(void)
{
	static char buf[8];
	static const char endless[3] = { 'x', 'y', 'z' };

	CHECK(strcpy(buf, "abc") == buf && memcmp(buf, "abc\0\0", 5) == 0);
	CHECK(strcat(buf, "de") == buf && strcmp(buf, "abcde") == 0);
	CHECK(strcat(buf, "") == buf && strcmp(buf, "abcde") == 0);
	memset(buf, '#', 8);
	CHECK(strncpy(buf, "ab", 5) == buf &&
	      memcmp(buf, "ab\0\0\0###", 8) == 0);
	CHECK(strncpy(buf, "xyz", 2) == buf && memcmp(buf, "xy\0", 3) == 0);
	CHECK(strncpy(buf, endless, 3) == buf && memcmp(buf, "xyz\0", 4) == 0);
	memset(buf, '#', 8);
	CHECK(strlcpy(buf, "ab", 4) == 2 && memcmp(buf, "ab\0#", 4) == 0);
	CHECK(strlcpy(buf, "lmnopq", 4) == 6 && memcmp(buf, "lmn\0#", 5) == 0);
	CHECK(strlcpy(buf, "lm", 1) == 2 && memcmp(buf, "\0mn\0", 4) == 0);
	CHECK(strlcpy(NULL, "lmn", 0) == 3);
	return 0;
}

// Does strtol(s, base) give `value` and stop after `length` characters?
static bool
reads(const char *s, int base, long value, int length)
{
	char *end;

	return strtol(s, &end, base) == value && end == s + length &&
	       strtol(s, NULL, base) == value;
}

static int
test_strtol(void)
{
	CHECK(reads("0", 0, 0, 1) && reads("42", 0, 42, 2));
	CHECK(reads(" \t\n+7x", 0, 7, 5) && reads("-17 ", 10, -17, 3));
	CHECK(reads("017", 0, 15, 3) && reads("089", 0, 0, 1));
	CHECK(reads("0x1F", 0, 31, 4) && reads("0x1f", 16, 31, 4));
	CHECK(reads("1fg", 16, 31, 2) && reads("-0Xff", 0, -255, 5));
	CHECK(reads("0xg", 0, 0, 1) && reads("0x", 16, 0, 1));
	CHECK(reads("0x10", 10, 0, 1) && reads("017", 10, 17, 3));
	CHECK(reads("zz", 36, 35 * 36 + 35, 2) && reads("102", 2, 2, 2));
	CHECK(reads("", 0, 0, 0) && reads("  ", 0, 0, 0));
	CHECK(reads("-", 0, 0, 0) && reads(" +x", 16, 0, 0));
	CHECK(reads("12", 1, 0, 0) && reads("12", 37, 0, 0));
	CHECK(reads("12", -1, 0, 0));
	CHECK((uint32_t)strtol("0xf0100000", NULL, 0) == 0xf0100000);
	CHECK((uint32_t)strtol("4294967295", NULL, 10) == 0xffffffff);
	CHECK((uint32_t)strtol("-2147483648", NULL, 10) == 0x80000000);
	CHECK(reads("99999999999999999999999", 10, -1, 23));
	CHECK(reads("0xffffffffffffffffffffff", 0, -1, 24));
	return 0;
}

// Lines that a program of the other size must print too.
static void
print_numbers(void)
{
	static const char *const formats[] = {
		"%d",    "%5u",    "%#x",    "%08x",       "%hhd",    "%ho",
		"%#o",   "%+.3d",  "%lld",   "%llu",       "%#llx",   "%llo",
		"%#llo", "%-25ju", "%025jd", "%+30.22lld", "%# .9jX",
	};
	static char line[128];

	for (int round = 0; round < ROUNDS; round++) {
		int which = round % ARRAY_SIZE(formats);
		uint64_t value = (uint64_t)random_bits() << 32 | random_bits();

		value >>= random_below(64);
		if (which < 8)
			snprintf(line, sizeof(line), formats[which],
			         (uint32_t)value);
		else
			snprintf(line, sizeof(line), formats[which], value);
		say(line);
		say("\n");
	}
}

// An exercise that is not done ends the test.
void
_todo(const char *file, int line, const char *id)
{
	say("TODO ");
	say(id);
	say("\n");
	__builtin_trap();
}

int
main(void)
{
	if (check_round() || test_memory() || test_memory_search() ||
	    test_strings() || test_copies() || test_strtol())
		return 1;
	print_numbers();
	return 0;
}
