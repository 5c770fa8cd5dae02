// Reading a line that somebody types, shared by the kernel's monitor and user
// programs.

#include <inc/stdio.h>

#define LINE_SIZE 1024

enum {
	CTRL_U = 'U' & 0x1f,
	ESC = 0x1b,
	DELETE = 0x7f, // what most terminals send for the backspace key
};

// Where in an escape sequence the input is. That is what terminals send for
// keys that make no character, like the arrows.
// Source: ECMA-48, "Control functions", "Control sequences"; the keypad's SS3:
// DEC, "VT220 Programmer Reference Manual", "Transmitted Codes".
enum Escape {
	OUTSIDE,
	AFTER_ESC,
	IN_CSI, // ESC [: parameters follow, and a character from '@' on
	IN_SS3, // ESC O: one character follows
};

// Take the last `count` characters of a line off the screen, if they are shown
// there. The console erases what it backs over.
static void
erase(size_t count, bool shown)
{
	for (; shown && count > 0; count--)
		cputchar('\b');
}

// Does typing `c` put it into the line? On a console the codes above ASCII are
// keys like the arrows.
static bool
belongs(int c, bool console)
{
	return c >= ' ' && c != DELETE && (c < DELETE || !console);
}

// Is `c` part of an escape sequence? *state says where the input is, before it
// and after. Only ESC itself and what can follow it are: any other character
// after it counts, so that a press of the Esc key costs nothing.
static bool
escaped(enum Escape *state, int c)
{
	const enum Escape was = *state;

	*state = c == ESC ? AFTER_ESC : OUTSIDE;
	if (c == ESC)
		return true;
	if (was == AFTER_ESC && (c == '[' || c == 'O')) {
		*state = c == '[' ? IN_CSI : IN_SS3;
		return true;
	}
	if (was == IN_CSI && c >= ' ' && c < '@')
		*state = IN_CSI;
	return (was == IN_CSI || was == IN_SS3) && c >= ' ' && c < DELETE;
}

// Print `prompt` (unless it is NULL) and read a line up to Enter, shown as it
// is typed if it comes from a console. Backspace takes back a character,
// ctrl-U the whole line; a tab counts as a blank; other control characters and
// the escape sequences of special keys are ignored. When the line is full,
// further characters ring the bell.
//
// Returns:  the line without its end, at most 1023 characters, in a buffer
//           that the next call reuses; NULL when input ended before any.
char *
readline(const char *prompt)
{
	static char line[LINE_SIZE];
	bool echo = iscons(0);
	enum Escape escape = OUTSIDE;
	size_t used = 0;

	if (prompt != NULL)
		cprintf("%s", prompt);
	for (;;) {
		int c = getchar();

		if (escaped(&escape, c))
			continue;
		if (c == '\t')
			c = ' ';
		if (c < 0 && used == 0)
			return NULL;
		if (c < 0 || c == '\n' || c == '\r')
			break;
		if (c == CTRL_U) {
			erase(used, echo);
			used = 0;
		} else if ((c == '\b' || c == DELETE) && used > 0) {
			erase(1, echo);
			used--;
		} else if (belongs(c, echo) && used < LINE_SIZE - 1) {
			line[used++] = c;
			if (echo)
				cputchar(c);
		} else if (belongs(c, echo) && echo) {
			cputchar('\a');
		}
	}
	if (echo)
		cputchar('\n');
	line[used] = '\0';
	return line;
}
