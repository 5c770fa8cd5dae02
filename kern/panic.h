// The state of a stopped kernel.
#ifndef JOS_KERN_PANIC_H
#define JOS_KERN_PANIC_H

extern const char *panicstr;

#endif
