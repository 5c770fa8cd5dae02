// The state of a stopped kernel.
#ifndef JOS_KERN_PANIC_H
#define JOS_KERN_PANIC_H

#include <inc/stdarg.h>

extern const char *panicstr;

// If not NULL, a panic calls this instead of stopping, and it must not return;
// for kern/check/check_panic.c.
extern void (*panic_probe)(const char *fmt, va_list ap);

#endif
