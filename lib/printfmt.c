// Formatted output, shared by the kernel and user programs.
//
// The conversions, each as in C unless noted:
//
//   %d %i  signed, decimal         %c  a character
//   %u     unsigned, decimal       %s  a string; NULL prints as (null)
//   %o     unsigned, octal         %p  a pointer, as %#x but NULL as 0x0
//   %x %X  unsigned, hexadecimal   %e  the text of an error number,
//   %%     a percent sign              negative or not; `error N` if unknown
//
// Between the percent sign and the letter may stand flags (- + space 0 #), a
// width, a precision (either may be *), and a length (hh h l ll j z t).
// Anything else, say %f or %n, is printed unchanged.
// Source: ISO C17 7.21.6.1, "The fprintf function".

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/stdio.h>
#include <inc/string.h>

#include <lib/printfmt.h>

static const char *const error_text[MAXERROR] = {
#define ERROR(name, number, text) [name] = text,
#include <inc/error.def>
#undef ERROR
};

// ---------------------------------------------------------------------------
// Characters

void
emit(struct Printer *p, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p->putch((unsigned char)s[i], p->putdat);
}

// Print `c` `count` times; not at all for a negative count.
void
emit_repeated(struct Printer *p, char c, int count)
{
	for (; count > 0; count--)
		p->putch(c, p->putdat);
}

// Print `prefix`, then `zeros` zeros, then the `n` characters at `s`, all
// padded with blanks to the width of `spec`.
void
print_field(struct Printer *p, const struct Spec *spec, const char *prefix,
            int zeros, const char *s, int n)
{
	int blanks = spec->width - (int)strlen(prefix) - zeros - n;

	if (!spec->left)
		emit_repeated(p, ' ', blanks);
	emit(p, prefix, strlen(prefix));
	emit_repeated(p, '0', zeros);
	emit(p, s, n);
	if (spec->left)
		emit_repeated(p, ' ', blanks);
}

// Print no more characters of `s` than the precision says, and look at none
// beyond: a string with a precision needs no NUL.
void
print_string(struct Printer *p, const struct Spec *spec, const char *s)
{
	if (s == NULL)
		s = "(null)";
	size_t max = spec->precision < 0 ? FIELD_MAX : spec->precision;
	print_field(p, spec, "", 0, s, strnlen(s, max));
}

// ---------------------------------------------------------------------------
// Numbers

// The next argument: an unsigned number of the size that the conversion's
// length modifier says (unsigned int without one). Excess bits of
// the argument are cut off: hh keeps 8 bits.
uint64_t
take_unsigned(struct Printer *p, const struct Spec *spec)
{
	unsigned unused = 8 * (sizeof(uint64_t) - spec->size);
	uint64_t value;

	if (spec->size == sizeof(uint64_t))
		value = va_arg(p->args, uint64_t);
	else
		value = va_arg(p->args, uint32_t);
	return value << unused >> unused;
}

// The same for a signed number.
int64_t
take_signed(struct Printer *p, const struct Spec *spec)
{
	unsigned unused = 8 * (sizeof(uint64_t) - spec->size);

	return (int64_t)(take_unsigned(p, spec) << unused) >> unused;
}

// The magnitude of `value`. This also holds for the smallest number, which
// cannot be negated as a signed one.
uint64_t
magnitude(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

// Divide `*value` by `divisor`, at most 16 bits wide, and return the
// remainder. A 64-bit division would need the compiler's run-time library, so
// for more than 32 bits this is long division, 16 bits of the number a step.
static unsigned
divide(uint64_t *value, uint32_t divisor)
{
	uint64_t quotient = 0;
	uint32_t remainder = 0, low = *value;

	if (low == *value) {
		*value = low / divisor;
		return low % divisor;
	}
	for (int shift = 48; shift >= 0; shift -= 16) {
		uint32_t part = remainder << 16 | (uint16_t)(*value >> shift);

		quotient = quotient << 16 | part / divisor;
		remainder = part % divisor;
	}
	*value = quotient;
	return remainder;
}

// Print `value` in `base` (8, 10 or 16) after `prefix`, such as a sign, with
// the width, the precision and the flags of `spec`.
//
// The precision is the least number of digits, 1 if not given; zeros pad it.
// In base 8 the '#' flag makes the first digit a 0. The '0' flag
// fills the width with zeros after the prefix; '-' or a precision overrides it.
void
print_number(struct Printer *p, const struct Spec *spec, const char *prefix,
             uint64_t value, unsigned base)
{
	const char *numerals = spec->conversion == 'X' ? "0123456789ABCDEF"
	                                               : "0123456789abcdef";
	char digits[DIGITS_MAX];
	int next = DIGITS_MAX;

	while (value != 0)
		digits[--next] = numerals[divide(&value, base)];
	int n = DIGITS_MAX - next;
	int least = spec->precision < 0 ? 1 : spec->precision;
	if (base == 8 && spec->alternate)
		least = MAX(least, n + 1);
	if (spec->zero && !spec->left && spec->precision < 0)
		least = MAX(least, spec->width - (int)strlen(prefix));
	print_field(p, spec, prefix, MAX(least - n, 0), digits + next, n);
}

// ---------------------------------------------------------------------------
// Conversions: each takes its argument and prints it.

static void
print_decimal(struct Printer *p, const struct Spec *spec)
{
	int64_t value = take_signed(p, spec);
	const char *sign = "";

	if (value < 0)
		sign = "-";
	else if (spec->plus)
		sign = "+";
	else if (spec->space)
		sign = " ";
	print_number(p, spec, sign, magnitude(value), 10);
}

static void
print_hex(struct Printer *p, const struct Spec *spec)
{
	uint64_t value = take_unsigned(p, spec);
	const char *prefix = "";

	if (spec->alternate && value != 0)
		prefix = spec->conversion == 'X' ? "0X" : "0x";
	print_number(p, spec, prefix, value, 16);
}

static void
print_error(struct Printer *p, const struct Spec *spec)
{
	uint64_t error = magnitude(take_signed(p, spec));
	char unknown[sizeof("error ") + DIGITS_MAX];

	if (error < MAXERROR && error_text[error] != NULL) {
		print_string(p, spec, error_text[error]);
	} else {
		snprintf(unknown, sizeof(unknown), "error %llu", error);
		print_string(p, spec, unknown);
	}
}

static void
print_char(struct Printer *p, const struct Spec *spec)
{
	char c = va_arg(p->args, int);

	print_field(p, spec, "", 0, &c, 1);
}

// Returns:  false, with nothing done, if there is no such conversion.
static bool
print_conversion(struct Printer *p, const struct Spec *spec)
{
	switch (spec->conversion) {
	case 'd':
	case 'i':
		print_decimal(p, spec);
		return true;
	case 'u':
		print_number(p, spec, "", take_unsigned(p, spec), 10);
		return true;
	case 'o':
		printfmt_octal(p, spec);
		return true;
	case 'x':
	case 'X':
		print_hex(p, spec);
		return true;
	case 'p':
		print_number(p, spec, "0x", (uintptr_t)va_arg(p->args, void *),
		             16);
		return true;
	case 'e':
		print_error(p, spec);
		return true;
	case 'c':
		print_char(p, spec);
		return true;
	case 's':
		print_string(p, spec, va_arg(p->args, const char *));
		return true;
	case '%':
		emit(p, "%", 1);
		return true;
	default:
		return false;
	}
}

// ---------------------------------------------------------------------------
// Taking a specification apart. Each function reads its part at `fmt`, which
// may be empty, and returns where the next part starts.

static const char *
parse_flags(struct Spec *spec, const char *fmt)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-':
			spec->left = true;
			break;
		case '+':
			spec->plus = true;
			break;
		case ' ':
			spec->space = true;
			break;
		case '0':
			spec->zero = true;
			break;
		case '#':
			spec->alternate = true;
			break;
		default:
			return fmt;
		}
	}
}

// A width or precision: digits, or '*' for the next argument.
static const char *
parse_field(struct Printer *p, const char *fmt, int *field)
{
	if (*fmt == '*') {
		int given = va_arg(p->args, int);

		*field = MAX(MIN(given, FIELD_MAX), -FIELD_MAX);
		return fmt + 1;
	}
	for (*field = 0; *fmt >= '0' && *fmt <= '9'; fmt++)
		*field = MIN(*field * 10 + (*fmt - '0'), FIELD_MAX);
	return fmt;
}

static const char *
parse_length(struct Spec *spec, const char *fmt)
{
	switch (*fmt) {
	case 'h':
		spec->size = fmt[1] == 'h' ? sizeof(char) : sizeof(short);
		return fmt[1] == 'h' ? fmt + 2 : fmt + 1;
	case 'l':
		spec->size = fmt[1] == 'l' ? sizeof(long long) : sizeof(long);
		return fmt[1] == 'l' ? fmt + 2 : fmt + 1;
	case 'j':
		spec->size = sizeof(int64_t);
		return fmt + 1;
	case 'z':
	case 't':
		spec->size = sizeof(size_t);
		return fmt + 1;
	default:
		spec->size = sizeof(int);
		return fmt;
	}
}

// Read the whole specification after a percent sign into `spec`.
static const char *
parse_spec(struct Printer *p, struct Spec *spec, const char *fmt)
{
	*spec = (struct Spec){ .precision = -1 };
	fmt = parse_flags(spec, fmt);
	fmt = parse_field(p, fmt, &spec->width);
	if (spec->width < 0) {
		spec->left = true;
		spec->width = -spec->width;
	}
	if (*fmt == '.')
		fmt = parse_field(p, fmt + 1, &spec->precision);
	fmt = parse_length(spec, fmt);
	spec->conversion = *fmt;
	return *fmt == '\0' ? fmt : fmt + 1;
}

// ---------------------------------------------------------------------------
// Interface

// Hand each character of the formatted text to putch(character, putdat). The
// caller's `ap` stays where it was.
void
vprintfmt(void (*putch)(int, void *), void *putdat, const char *fmt, va_list ap)
{
	struct Printer p = { .putch = putch, .putdat = putdat };
	struct Spec spec;

	va_copy(p.args, ap);
	while (*fmt != '\0') {
		const char *percent = strfind(fmt, '%');

		emit(&p, fmt, percent - fmt);
		if (*percent == '\0')
			break;
		fmt = parse_spec(&p, &spec, percent + 1);
		if (!print_conversion(&p, &spec))
			emit(&p, percent, fmt - percent);
	}
	va_end(p.args);
}

// Hand each character of the formatted text to putch(character, putdat).
void
printfmt(void (*putch)(int, void *), void *putdat, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintfmt(putch, putdat, fmt, ap);
	va_end(ap);
}

// Where snprintf collects its text: characters from number `room` on are only
// counted.
struct Text {
	char *buf;
	size_t room;
	size_t count;
};

static void
text_putch(int c, void *putdat)
{
	struct Text *text = putdat;

	if (text->count < text->room)
		text->buf[text->count] = c;
	text->count++;
}

// Write the formatted text into the `size` bytes at `buf`, cut short if need
// be, and always with a NUL. If `size` is 0, nothing is written and `buf` may
// be NULL.
//
// Returns:  the length of the whole text; it was cut short if that is >=
//           `size`. At most INT_MAX.
// Source:   ISO C17 7.21.6.12, "The vsnprintf function".
int
vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct Text text = { .buf = buf, .room = size > 0 ? size - 1 : 0 };

	vprintfmt(text_putch, &text, fmt, ap);
	if (size > 0)
		buf[MIN(text.count, text.room)] = '\0';
	return MIN(text.count, (size_t)__INT_MAX__);
}

// Like vsnprintf.
int
snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int count = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return count;
}
