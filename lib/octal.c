// Printing octal numbers.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/stdio.h>
#include <inc/string.h>

#include <lib/printfmt.h>

// Print the argument of a %o conversion: an unsigned number, in base 8.
//
// The argument is as large as the length modifier says: 32 bits without one,
// 64 bits with ll; of a smaller one, such as hh, only its 8 bits count. There
// are no negative numbers: -1 prints as 37777777777.
//
// The precision is the least number of digits: %o prints 8 as 10 and 0 as 0,
// %.4o prints 8 as 0010, and %.0o prints 0 as nothing.
// The width is the least number of characters. Blanks fill it up, on the left
// unless the '-' flag is given; with the '0' flag, and neither '-' nor a
// precision, zeros do: %5o prints 8 as "   10", %-5o as "10   ", %05o as 00010.
// The '#' flag makes the first digit a 0 if it is none yet: %#o prints 8 as
// 010, 0 as 0. Without it no 0 is put in front. '+' and space change nothing.
//
// Source:   ISO C17 7.21.6.1, "The fprintf function", paragraphs 6 to 8.
void
printfmt_octal(struct Printer *p, const struct Spec *spec)
{
	// @solution lab1.printfmt_octal
	print_number(p, spec, "", take_unsigned(p, spec), 8);
	// @end lab1.printfmt_octal
}
