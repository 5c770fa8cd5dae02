// Compare lib/printfmt.c, compiled for the host, with the host's own printf.
//
//   test_printfmt TEST [SEED]
//
// The functions of the engine carry the prefix jos_ here (test_printfmt.py
// renames them). Exit status 0, or 1 after a line that shows a difference.

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <inc/error.h>

#define ROUNDS    200000
#define TEXT_SIZE 512

int jos_vsnprintf(char *buf, size_t size, const char *fmt, va_list ap);
int jos_snprintf(char *buf, size_t size, const char *fmt, ...);
void jos_vprintfmt(void (*putch)(int, void *), void *putdat, const char *fmt,
                   va_list ap);

static uint64_t random_state;

// xorshift64*
static uint64_t
random_bits(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1d;
}

static int
random_below(int n)
{
	return (random_bits() >> 33) % n;
}

// Numbers at and near the ends of every type are likely.
static int64_t
random_number(void)
{
	static const int64_t ends[] = { 0, 0x7f, 0x7fff, INT32_MAX, INT64_MAX };
	int64_t end = ends[random_below(5)];

	switch (random_below(4)) {
	case 0:
		return random_bits();
	case 1:
		return (int64_t)random_bits() >> random_below(64);
	case 2:
		return (uint64_t)end + random_below(3);
	default:
		return -(uint64_t)end - random_below(3);
	}
}

static void
differ(const char *fmt, const char *expected, const char *seen)
{
	printf("format \"%s\": expected \"%s\", seen \"%s\"\n", fmt, expected,
	       seen);
	exit(1);
}

// `seen` must be what remains of `full` in a buffer of `size` bytes.
static void
check_text(const char *fmt, const char *full, const char *seen, size_t size)
{
	char cut[TEXT_SIZE];

	snprintf(cut, size > 0 ? size : 1, "%s", full);
	if (size > 0 && strcmp(cut, seen) != 0)
		differ(fmt, cut, seen);
}

// The engine and the host must agree on the text and on its length, whatever
// the size of the buffer.
static void
compare(const char *fmt, ...)
{
	char expected[TEXT_SIZE];
	va_list ap;

	va_start(ap, fmt);
	int length = vsnprintf(expected, sizeof(expected), fmt, ap);
	va_end(ap);

	// From the heap, so that AddressSanitizer sees a byte too many.
	size_t size = random_below(4) ? TEXT_SIZE : random_below(20);
	char *seen = size > 0 ? malloc(size) : NULL;
	va_start(ap, fmt);
	int seen_length = jos_vsnprintf(seen, size, fmt, ap);
	va_end(ap);
	check_text(fmt, expected, seen, size);
	free(seen);
	if (seen_length != length) {
		printf("format \"%s\": returned %d, not %d\n", fmt, seen_length,
		       length);
		exit(1);
	}
}

// One conversion with up to two numbers for the asterisks.
struct Format {
	char text[64];
	int stars;
	int star[2];
};

static void
add(struct Format *f, const char *s)
{
	strcat(f->text, s);
}

static void
add_number(struct Format *f, int n)
{
	if (random_below(3) == 0) {
		add(f, "*");
		f->star[f->stars++] = random_below(4) ? n : -n;
	} else {
		sprintf(f->text + strlen(f->text), "%d", n);
	}
}

// Make a conversion with random flags out of `flags`, and a width and a
// precision or not.
static struct Format
random_format(const char *flags, const char *length, char conversion)
{
	struct Format f = { "<%", 0, { 0, 0 } };
	char end[] = { conversion, '>', '\0' };

	for (; *flags != '\0'; flags++) {
		char flag[] = { *flags, '\0' };
		if (random_below(3) == 0)
			add(&f, flag);
	}
	if (random_below(2))
		add_number(&f, 1 + random_below(40));
	if (random_below(2)) {
		add(&f, ".");
		if (random_below(4))
			add_number(&f, random_below(40));
	}
	add(&f, length);
	add(&f, end);
	return f;
}

#define COMPARE(f, value)                                                      \
	((f)->stars == 0 ? compare((f)->text, value)                           \
	 : (f)->stars == 1                                                     \
	         ? compare((f)->text, (f)->star[0], value)                     \
	         : compare((f)->text, (f)->star[0], (f)->star[1], value))

static void
compare_numbers(const char *conversions)
{
	static const char *const lengths[] = { "",   "",  "hh", "h", "l",
		                               "ll", "z", "j",  "t" };

	for (int i = 0; i < ROUNDS; i++) {
		int length = random_below(9);
		char conversion =
			conversions[random_below(strlen(conversions))];
		struct Format f = random_format("-+ 0#", lengths[length],
		                                conversion);
		int64_t value = random_number();

		if (length < 4)
			COMPARE(&f, (int)value);
		else
			COMPARE(&f, value);
	}
}

static void
test_numbers(void)
{
	compare_numbers("diuxX");
}

static void
test_octal(void)
{
	compare_numbers("o");
}

// C leaves flags other than '-' undefined for these.
static void
test_text(void)
{
	static const char letters[] = "The quick brown fox jumps over it all.";

	for (int i = 0; i < ROUNDS; i++) {
		struct Format f = random_format("-", "", "sc"[i % 2]);

		if (i % 2 == 0)
			COMPARE(&f, letters + random_below(sizeof(letters)));
		else
			COMPARE(&f, 1 + random_below(255));
	}
}

static void
test_pointers(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct Format f = { "<%", 0, { 0, 0 } };

		add(&f, random_below(2) ? "-" : "");
		add_number(&f, 1 + random_below(40));
		add(&f, "p>");
		COMPARE(&f, (void *)(random_number() | 1));
	}
}

// Several conversions and plain text in one format.
static void
test_mixtures(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		int n = random_number();
		long long big = random_number();

		compare("");
		compare("100%% of %d%%", n);
		compare("%s=%d, %c%-6u|%08x %lld", "name", n, 'A' + i % 26, n,
		        n, big);
		compare("%.*s%*d%s\n", i % 9, "abcdefgh", i % 12, n, "");
		compare("%hhd%hd%d%ld%lld", n, n, n, (long)big, big);
		compare("%#llx %+lld % lld %llu", big, big, big, big);
	}
}

static void
expect(const char *expected, const char *fmt, ...)
{
	char seen[TEXT_SIZE];
	va_list ap;

	va_start(ap, fmt);
	int length = jos_vsnprintf(seen, sizeof(seen), fmt, ap);
	va_end(ap);
	if (strcmp(seen, expected) != 0 || length != (int)strlen(expected))
		differ(fmt, expected, seen);
}

// What C leaves undefined, or does not have.
static void
test_own(void)
{
	expect("(null)", "%s", (char *)NULL);
	expect("    (null)|(nu|", "%10s|%.3s|", (char *)NULL, (char *)NULL);
	expect("0x0 0x1000", "%p %p", (void *)0, (void *)0x1000);
	expect("out of memory", "%e", -4);
	expect("out of memory", "%e", 4);
	expect("   out|", "%6.3e|", -4);
	char unknown[32];
	snprintf(unknown, sizeof(unknown), "error %d", MAXERROR);
	expect(unknown, "%e", -MAXERROR);
	expect("error 0 error 99 error 2147483648", "%e %e %e", 0, -99,
	       INT_MIN);
	expect("error 9223372036854775808", "%lle", LLONG_MIN);
	expect("%y %5.3k %-", "%y %5.3k %-");
	expect("%", "%");
	expect("100%", "100%");
	expect("%f 7", "%f %d", 7);
	expect("%n", "%n");
	expect("%lq 7", "%lq %d", 7);
	expect("% 5", "%% %d", 5);
}

static void
test_sizes(void)
{
	char buf[4] = { 'x', 'x', 'x', 'x' };

	if (jos_snprintf(NULL, 0, "%d", 12345) != 5 ||
	    jos_snprintf(buf, 0, "%d", 12345) != 5 || buf[0] != 'x')
		differ("%d", "5, nothing written", "something else");
	if (jos_snprintf(buf, 1, "%d", 12345) != 5 || buf[0] != '\0' ||
	    buf[1] != 'x')
		differ("%d", "5, one NUL written", "something else");
	if (jos_snprintf(buf, SIZE_MAX, "%d", 123) != 3)
		differ("%d", "3 with SIZE_MAX", "something else");
	// Nothing overflows; the engine takes a width that large for 10^8.
	if (jos_snprintf(NULL, 0, "%99999999999d", 1) < 99999999 ||
	    jos_snprintf(NULL, 0, "%*d", INT_MIN, 1) < 99999999 ||
	    jos_snprintf(NULL, 0, "%#.*x", INT_MAX, 1) < 99999999)
		differ("huge width", "a huge count", "something else");
}

// A string that ends with its page, and has no NUL: reading one byte more is
// the end of this program.
static void
test_page_end(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
	                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char expected[TEXT_SIZE];

	if (pages == MAP_FAILED || mprotect(pages + page, page, PROT_NONE) < 0)
		abort();
	memset(pages, 'x', page);
	for (int n = 0; n < 100; n++) {
		snprintf(expected, sizeof(expected), "<%.*s>", n, pages);
		expect(expected, "<%.*s>", n, pages + page - n);
		snprintf(expected, sizeof(expected), "<%120.*s>", n, pages);
		expect(expected, "<%120.*s>", n, pages + page - n);
	}
	expect("", "%.0s", pages + page);
	expect("", "%.*s", 0, pages + page);
	pages[page - 1] = '\0';
	expect("xx", "%s", pages + page - 3);
	expect("xx", "%.8s", pages + page - 3);
	pages[page - 1] = '%';
	pages[page - 1] = '\0';
	pages[page - 2] = '%';
	expect("x%", pages + page - 3);
}

static void
collect(int c, void *putdat)
{
	char **next = putdat;

	if (c < 0 || c > 255)
		differ("character", "0 to 255", "something else");
	*(*next)++ = c;
}

static void
print_to(char *buf, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	jos_vprintfmt(collect, &buf, fmt, ap);
	// The caller's list stays at its start.
	if (va_arg(ap, int) != 7)
		differ(fmt, "ap untouched", "ap moved");
	va_end(ap);
	*buf = '\0';
}

static void
test_putch(void)
{
	char seen[TEXT_SIZE];

	print_to(seen, "%d\xff%s", 7, "\x80");
	if (strcmp(seen, "7\xff\x80") != 0)
		differ("%d\\xff%s", "7\\xff\\x80", seen);
}

// An exercise that is not done ends the test.
void
_todo(const char *file, int line, const char *id)
{
	printf("TODO %s at %s:%d\n", id, file, line);
	exit(1);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {
		{ "numbers", test_numbers },   { "octal", test_octal },
		{ "text", test_text },         { "pointers", test_pointers },
		{ "mixtures", test_mixtures }, { "own", test_own },
		{ "sizes", test_sizes },       { "page_end", test_page_end },
		{ "putch", test_putch },
	};

	random_state = argc > 2 ? strtoull(argv[2], NULL, 0) | 1 : 1;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (argc > 1 && strcmp(argv[1], tests[i].name) == 0) {
			tests[i].run();
			return 0;
		}
	}
	fprintf(stderr, "usage: test_printfmt TEST [SEED]\n");
	return 2;
}
