// The console and formatted output, under the same names for the kernel and
// for user programs.
#ifndef JOS_INC_STDIO_H
#define JOS_INC_STDIO_H

#include <inc/stdarg.h>
#include <inc/types.h>

// kern/console.c and lib/console.c
void cputchar(int c);
int getchar(void);
int iscons(int fdnum);

// lib/printfmt.c. Its head comment lists the conversions. (They are not
// declared with GCC's format attribute: it takes %e for a floating-point
// conversion, and here %e is the text of an error.)
void printfmt(void (*putch)(int, void *), void *putdat, const char *fmt, ...);
void vprintfmt(void (*putch)(int, void *), void *putdat, const char *fmt,
               va_list ap);
int snprintf(char *buf, size_t size, const char *fmt, ...);
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap);

// kern/printf.c and lib/printf.c
int cprintf(const char *fmt, ...);
int vcprintf(const char *fmt, va_list ap);

// lib/readline.c
char *readline(const char *prompt);

#endif
