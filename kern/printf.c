// Formatted output of the kernel to the console.

#include <inc/stdio.h>

static void
count_putch(int c, void *count)
{
	cputchar(c);
	++*(int *)count;
}

// Print formatted text on the console.
//
// Returns:  the number of characters.
int
vcprintf(const char *fmt, va_list ap)
{
	int count = 0;

	vprintfmt(count_putch, &count, fmt, ap);
	return count;
}

// Like vcprintf.
int
cprintf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int count = vcprintf(fmt, ap);
	va_end(ap);
	return count;
}
