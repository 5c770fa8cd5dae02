// Stopping a program that has gone wrong.

#include <inc/lib.h>
#include <inc/x86.h>

// Print "[ENV] user panic in PROGRAM at FILE:LINE: " and the message, and stop
// for the monitor.
void
_panic(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	cprintf("[%08x] user panic in %s at %s:%d: ", sys_getenvid(),
	        binaryname, file, line);
	va_start(ap, fmt);
	vcprintf(fmt, ap);
	va_end(ap);
	cprintf("\n");

	breakpoint();
	exit();
}

void
_warn(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	cprintf("[%08x] user warning in %s at %s:%d: ", sys_getenvid(),
	        binaryname, file, line);
	va_start(ap, fmt);
	vcprintf(fmt, ap);
	va_end(ap);
	cprintf("\n");
}

void
_todo(const char *file, int line, const char *id)
{
	todo_print(file, line, id);
	exit();
}
