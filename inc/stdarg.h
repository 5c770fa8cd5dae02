// Walking the arguments of a function declared with "...".
// Source: ISO C17 7.16, "Variable arguments".
#ifndef JOS_INC_STDARG_H
#define JOS_INC_STDARG_H

#include <stdarg.h>

#endif
