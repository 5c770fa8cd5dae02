// Formatted output of user programs to the console.

#include <inc/lib.h>

// Text on its way to the console: a system call costs much more than a
// character, so they go out in blocks.
struct Output {
	size_t used; // characters in `text`
	char text[256];
	int count; // characters in all
};

static void
output_flush(struct Output *out)
{
	if (out->used > 0)
		sys_cputs(out->text, out->used);
	out->used = 0;
}

static void
output_putch(int c, void *putdat)
{
	struct Output *out = putdat;

	if (out->used == sizeof(out->text))
		output_flush(out);
	out->text[out->used++] = c;
	out->count++;
}

// Print formatted text on the console.
//
// Returns:  the number of characters.
int
vcprintf(const char *fmt, va_list ap)
{
	struct Output out;

	out.used = 0;
	out.count = 0;
	vprintfmt(output_putch, &out, fmt, ap);
	output_flush(&out);
	return out.count;
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
