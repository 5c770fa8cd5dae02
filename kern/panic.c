// Stopping the kernel.

#include <inc/assert.h>
#include <inc/stdarg.h>
#include <inc/stdio.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/monitor.h>
#include <kern/panic.h>
#include <kern/sched.h>

// The message of the current panic, or NULL. Debuggers read it.
const char *panicstr;

void (*panic_probe)(const char *fmt, va_list ap);

// Stay in the monitor. If that panics too, print a message and halt; if
// printing panics, just halt.
static void __attribute__((noreturn)) stop(const char *why)
{
	static bool over;

	cli();
	if (!panicstr) {
		panicstr = why;
		while (1)
			monitor(NULL);
	}
	if (!over) {
		over = true;
		cprintf("The monitor had been called for a panic or TODO "
		        "already: the kernel has halted.\n");
	}
	while (1)
		hlt();
}

void
_panic(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (panic_probe)
		panic_probe(fmt, ap);
	cprintf("kernel panic ");
	if (multitasking)
		cprintf("on CPU %d ", cpunum());
	cprintf("at %s:%d: ", file, line);
	vcprintf(fmt, ap);
	va_end(ap);
	cprintf("\n");
	stop(fmt);
}

void
_warn(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	cprintf("kernel warning at %s:%d: ", file, line);
	va_start(ap, fmt);
	vcprintf(fmt, ap);
	va_end(ap);
	cprintf("\n");
}

void
_todo(const char *file, int line, const char *id)
{
	todo_print(file, line, id);
	stop("TODO");
}
