// Calling what must panic, and continuing afterwards.

#include <inc/assert.h>
#include <inc/stdarg.h>
#include <inc/stdio.h>
#include <inc/x86.h>

#include <kern/check/check.h>
#include <kern/panic.h>

// Where panics resumes, for the compiler's own setjmp and longjmp, and the
// message of the panic.
static void *before[5];
static char said[128];

// Called by _panic instead of stopping.
static void
probe(const char *fmt, va_list ap)
{
	panic_probe = NULL;
	vsnprintf(said, sizeof(said), fmt, ap);
	__builtin_longjmp(before, 1);
}

// Call function(arg), which must panic.
//
// Returns:  the panic's message, or NULL if the function returned. Either way,
//           the page directory is the one from before.
const char *
panics(void (*function)(void *arg), void *arg)
{
	const physaddr_t loaded = rcr3();
	const char *text = NULL;

	if (__builtin_setjmp(before) == 0) {
		panic_probe = probe;
		function(arg);
		panic_probe = NULL;
	} else {
		text = said;
	}
	if (rcr3() != loaded)
		lcr3(loaded);
	return text;
}
