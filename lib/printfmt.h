// What the conversions of printf share: lib/printfmt.c has the contracts.
#ifndef JOS_LIB_PRINTFMT_H
#define JOS_LIB_PRINTFMT_H

#include <inc/stdarg.h>
#include <inc/types.h>

// Larger widths and precisions count as this one; ten times it fits an int.
#define FIELD_MAX 100000000

// The digits of the largest 64-bit number in the smallest base, 8.
#define DIGITS_MAX 22

// Where the output goes, and the arguments that are still to be printed.
struct Printer {
	void (*putch)(int, void *);
	void *putdat;
	va_list args;
};

// One conversion specification, such as %-8.3lx, taken apart.
struct Spec {
	bool left;       // '-': padding goes on the right
	bool plus;       // '+': a sign even for positive numbers
	bool space;      // ' ': a blank where '+' would put its sign
	bool zero;       // '0': pad with zeros
	bool alternate;  // '#': show the base
	int width;       // 0 when not given
	int precision;   // negative when not given
	size_t size;     // of a number argument, in bytes
	char conversion; // the letter
};

void emit(struct Printer *p, const char *s, size_t n);
void emit_repeated(struct Printer *p, char c, int count);
void print_field(struct Printer *p, const struct Spec *spec, const char *prefix,
                 int zeros, const char *s, int n);
void print_string(struct Printer *p, const struct Spec *spec, const char *s);
uint64_t take_unsigned(struct Printer *p, const struct Spec *spec);
int64_t take_signed(struct Printer *p, const struct Spec *spec);
uint64_t magnitude(int64_t value);
void print_number(struct Printer *p, const struct Spec *spec,
                  const char *prefix, uint64_t value, unsigned base);

// lib/octal.c
void printfmt_octal(struct Printer *p, const struct Spec *spec);

#endif
