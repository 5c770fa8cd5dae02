// The console: serial line, text screen and keyboard as one device.
// (cputchar, getchar and iscons are declared in inc/stdio.h.)
#ifndef JOS_KERN_CONSOLE_H
#define JOS_KERN_CONSOLE_H

#include <inc/types.h>

#define CRT_ROWS 25
#define CRT_COLS 80
#define CRT_SIZE (CRT_ROWS * CRT_COLS)

// What cons_getc() returns for keys without an ASCII character.
enum {
	KEY_HOME = 0xe0,
	KEY_END,
	KEY_UP,
	KEY_DN,
	KEY_LF,
	KEY_RT,
	KEY_PGUP,
	KEY_PGDN,
	KEY_INS,
	KEY_DEL,
};

void cons_init(void);
void cons_putc(int c);
int cons_getc(void);
int kbd_read(void);

// Interrupt handlers of the serial line and the keyboard.
void serial_intr(void);
void kbd_intr(void);

#endif
