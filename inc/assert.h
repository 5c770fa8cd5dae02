// Stopping loudly: panic, assert, and exercises that are not done yet.
//
// The kernel (kern/panic.c) and the user library (lib/panic.c) each implement
// the functions: the kernel stops in the monitor, a program ends.
#ifndef JOS_INC_ASSERT_H
#define JOS_INC_ASSERT_H

#ifndef __ASSEMBLER__

// Print a message with its source position and stop; never return.
void _panic(const char *file, int line, const char *fmt, ...)
	__attribute__((noreturn));

// Print a message with its source position and continue.
void _warn(const char *file, int line, const char *fmt, ...);

// Say that exercise `id` ("labN.name") is still to be done and which section
// of the hand-out page to read; never return.
void _todo(const char *file, int line, const char *id)
	__attribute__((noreturn));

// Print what _todo says, and return (lib/todo.c).
void todo_print(const char *file, int line, const char *id);

#define panic(...) _panic(__FILE__, __LINE__, __VA_ARGS__)
#define warn(...)  _warn(__FILE__, __LINE__, __VA_ARGS__)
#define TODO(id)   _todo(__FILE__, __LINE__, id)

#define assert(x)                                                              \
	do {                                                                   \
		if (!(x))                                                      \
			panic("assertion failed: %s", #x);                     \
	} while (0)

#define static_assert _Static_assert

#else

// TODO in assembly: calls _todo.
// clang-format off
#define TODO(id) todo_at __FILE__, __LINE__, id

.macro todo_at file, line, id
	.section .rodata
7001:	.asciz	"\file"
7002:	.asciz	"\id"
	.previous
	pushl	$7002b
	pushl	$\line
	pushl	$7001b
	call	_todo
.endm
// clang-format on

#endif // !__ASSEMBLER__

#endif
