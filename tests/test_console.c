// Drives kern/console.c, kern/kbd.c, the user's console and readline with
// devices that are here: good ones, missing ones and broken ones.
//
//   test_console TEST
//
// Those files are compiled with tests/fakes.h, and their functions carry the
// prefix jos_ or user_ here (test_console.py renames them). Each test is a
// process of its own, for the drivers start only once. Exit status 0, or 1
// after a line that says what does not hold.

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void jos_cons_init(void);
void jos_cons_putc(int c);
int jos_cons_getc(void);
char *jos_readline(const char *prompt);
int jos_cprintf(const char *fmt, ...);

int user_cprintf(const char *fmt, ...);
char *user_readline(const char *prompt);

#define CHECK(condition)                                                       \
	do {                                                                   \
		if (!(condition)) {                                            \
			printf("line %d: does not hold: %s\n", __LINE__,       \
			       #condition);                                    \
			exit(1);                                               \
		}                                                              \
	} while (0)

#define CHECK_TEXT(seen, expected) check_text(__LINE__, seen, expected)

static void
check_text(int line, const char *seen, const char *expected)
{
	if (seen != NULL && strcmp(seen, expected) == 0)
		return;
	printf("line %d: expected \"%s\", seen \"%s\"\n", line, expected,
	       seen ? seen : "(NULL)");
	exit(1);
}

// --------------------------------------------------------------------------
// Devices

#define LONG_TEXT 20000

char fake_memory[0xc0000] __attribute__((aligned(4096)));

static long accesses;     // of any port
static int floating = -1; // what all ports read as; -1: devices are there

static struct {
	bool fifo_on, no_fifo;
	bool stuck;      // never sends
	int waiting;     // bytes not sent yet
	int sends_after; // readings of the status until they are sent
	char sent[LONG_TEXT * 2];
	size_t nsent;
	const char *typed; // bytes to be received
	size_t left;
} uart;

static struct {
	uint8_t bytes[64];
	int next, n;
	bool mouse;
	bool flood;    // there is always a byte that makes no character
	uint8_t reset; // written to port 0x92
} keyboard;

static struct {
	uint16_t port; // 0: none
	uint8_t selected;
	uint8_t regs[256];
} crtc;

static void
uart_write(uint8_t data)
{
	CHECK(uart.waiting < (uart.fifo_on ? 16 : 1));
	uart.waiting++;
	uart.sends_after = 3;
	if (!uart.stuck && uart.nsent < sizeof(uart.sent) - 1)
		uart.sent[uart.nsent++] = data;
}

static uint8_t
uart_status(void)
{
	if (uart.waiting > 0 && !uart.stuck && --uart.sends_after <= 0)
		uart.waiting = 0;
	return (uart.waiting == 0 ? 0x60 : 0) | (uart.left > 0);
}

static uint8_t
uart_receive(void)
{
	CHECK(uart.left > 0);
	uart.left--;
	return *uart.typed++;
}

static uint8_t
kbd_status(void)
{
	bool full = keyboard.flood || keyboard.next < keyboard.n;

	return (full ? 0x01 : 0) | (keyboard.mouse ? 0x20 : 0);
}

uint8_t
inb(uint16_t port)
{
	accesses++;
	if (floating >= 0)
		return floating;
	if (port == 0x3f8)
		return uart_receive();
	if (port == 0x3fa)
		return uart.fifo_on ? 0xc1 : 0x01;
	if (port == 0x3fd)
		return uart_status();
	if (port == 0x60)
		return keyboard.flood ? 0xf0 : keyboard.bytes[keyboard.next++];
	if (port == 0x64)
		return kbd_status();
	if (crtc.port != 0 && port == crtc.port + 1)
		return crtc.regs[crtc.selected];
	return 0xff;
}

static bool divisor_shown; // ports 0x3f8 and 0x3f9 are the divisor

void
outb(uint16_t port, uint8_t data)
{
	accesses++;
	if (floating >= 0)
		return;
	if (port == 0x3fb)
		divisor_shown = data & 0x80;
	else if (port == 0x3f8 && !divisor_shown)
		uart_write(data);
	else if (port == 0x3fa)
		uart.fifo_on = (data & 1) && !uart.no_fifo;
	else if (port == 0x92)
		keyboard.reset = data;
	else if (crtc.port != 0 && port == crtc.port)
		crtc.selected = data;
	else if (crtc.port != 0 && port == crtc.port + 1)
		crtc.regs[crtc.selected] = data;
}

void
outw(uint16_t port, uint16_t data)
{
	outb(port, data & 0xff);
	outb(port + 1, data >> 8);
	accesses--; // it was one
}

void
idle_wait(void)
{
	cpu_pause();
}

void
cpu_pause(void)
{
	printf("getchar() waits, and nothing will come\n");
	exit(1);
}

static void
type(const char *text)
{
	uart.typed = text;
	uart.left = strlen(text);
}

static void
press(const uint8_t *codes, int n)
{
	memcpy(keyboard.bytes, codes, n);
	keyboard.next = 0;
	keyboard.n = n;
}

#define PRESS(...)                                                             \
	press((const uint8_t[]){ __VA_ARGS__ },                                \
	      sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void
print(const char *text)
{
	while (*text != '\0')
		jos_cons_putc(*text++);
}

static const char *
sent(void)
{
	uart.sent[uart.nsent] = '\0';
	uart.nsent = 0;
	return uart.sent;
}

// All that the console has to read.
static const char *
received(void)
{
	static char text[LONG_TEXT];
	int n = 0, c;

	while ((c = jos_cons_getc()) != 0)
		text[n++] = c;
	text[n] = '\0';
	return text;
}

// --------------------------------------------------------------------------
// Missing and broken devices

static void
check_floating(int value, long most)
{
	floating = value;
	jos_cons_init();
	for (int i = 0; i < LONG_TEXT; i++)
		jos_cons_putc('x');
	CHECK(accesses < most);
	accesses = 0;
	for (int i = 0; i < 100; i++)
		jos_cons_getc();
	CHECK(accesses <= 100 * 2100);
}

// A bus without devices reads as ones.
static void
test_nothing(void)
{
	check_floating(0xff, 100);
	CHECK_TEXT(received(), "");
}

// Its status says that it is never ready.
static void
test_zeros(void)
{
	check_floating(0x00, 200000);
	CHECK_TEXT(received(), "");
}

// It claims to be ready and to have input, always.
static void
test_chatter(void)
{
	check_floating(0x61, 3 * LONG_TEXT);
	floating = -1;
	received();
	keyboard.flood = true;
	CHECK_TEXT(received(), "");
}

static void
test_stuck(void)
{
	jos_cons_init();
	uart.stuck = true;
	for (int i = 0; i < LONG_TEXT; i++)
		jos_cons_putc('x');
	CHECK(accesses > 10000000 && accesses < 300000000);
	accesses = 0;
	print("dropped at once");
	CHECK(accesses < 100);
	uart.stuck = false;
	uart.waiting = 0;
	print("back");
	CHECK_TEXT(sent(), "back");
}

// --------------------------------------------------------------------------
// Serial line

static void
test_serial_output(void)
{
	jos_cons_init();
	accesses = 0;
	for (int i = 0; i < LONG_TEXT; i++)
		jos_cons_putc('a' + i % 26);
	CHECK(accesses < LONG_TEXT * 5 / 4);
	CHECK(uart.nsent == LONG_TEXT);
	for (int i = 0; i < LONG_TEXT; i++)
		CHECK(uart.sent[i] == 'a' + i % 26);
	sent();
	print("one\ntwo\b\r\t\x07");
	CHECK_TEXT(sent(), "one\ntwo\b \b\r\t\x07");
	jos_cons_putc(0x1e41); // with colours
	CHECK_TEXT(sent(), "A");
}

static void
test_serial_no_fifo(void)
{
	uart.no_fifo = true;
	jos_cons_init();
	print("no more than one character at a time");
	CHECK_TEXT(sent(), "no more than one character at a time");
}

static void
test_serial_input(void)
{
	static char text[LONG_TEXT];

	jos_cons_init();
	type("hello");
	CHECK_TEXT(received(), "hello");
	CHECK_TEXT(received(), "");

	// More than the console holds waits in the device.
	for (int i = 0; i < LONG_TEXT - 1; i++)
		text[i] = 'a' + i % 26;
	type(text);
	CHECK(jos_cons_getc() == 'a');
	CHECK(uart.left > LONG_TEXT / 2);
	CHECK_TEXT(received(), text + 1);
}

// --------------------------------------------------------------------------
// Screen

// The first cell that is shown.
static int
screen_start_cell(void)
{
	return crtc.regs[12] << 8 | crtc.regs[13];
}

static const uint16_t *
cell(int row, int column)
{
	int base = crtc.port == 0x3b4 ? 0xb0000 : 0xb8000;

	return (uint16_t *)(fake_memory + base) + screen_start_cell() +
	       row * 80 + column;
}

static void
check_row(int row, int column, const char *text)
{
	for (; *text != '\0'; text++, column++)
		CHECK(*cell(row, column) == (0x0700 | *text));
}

// The cursor is shown when there is something to type.
static void
check_cursor(int row, int column)
{
	CHECK(jos_cons_getc() == 0);
	CHECK((crtc.regs[14] << 8 | crtc.regs[15]) ==
	      screen_start_cell() + row * 80 + column);
}

static void
screen_start(uint16_t port, int cursor)
{
	crtc.port = port;
	crtc.regs[14] = cursor >> 8;
	crtc.regs[15] = cursor & 0xff;
	jos_cons_init();
	check_cursor(cursor / 80, cursor % 80);
}

static void
test_screen(void)
{
	screen_start(0x3d4, 3 * 80 + 2);
	print("ab\ncdx\be");
	check_row(3, 2, "ab");
	check_row(4, 0, "cde");
	check_cursor(4, 3);
	print("\tT\a\rC");
	check_row(4, 0, "Cde");
	check_row(4, 8, "T");
	check_cursor(4, 1);
	print("\n\b");
	check_row(4, 79, " ");
	check_cursor(4, 79);
	jos_cons_putc(0x1e00 | 'A');
	CHECK(*cell(4, 79) == (0x1e00 | 'A'));
	jos_cons_putc('\xe9');
	CHECK((*cell(5, 0) & 0xff) == 0xe9);
}

static void
test_screen_scroll(void)
{
	screen_start(0x3d4, 0);
	for (int i = 0; i < 24; i++)
		jos_cprintf("line %d\n", i);
	check_row(0, 0, "line 0");
	check_cursor(24, 0);
	print("last\n");
	check_row(0, 0, "line 1");
	check_row(22, 0, "line 23");
	check_row(23, 0, "last");
	check_row(24, 0, "      ");
	check_cursor(24, 0);
	for (int i = 0; i < 80; i++)
		jos_cons_putc('0' + i % 10);
	check_row(23, 70, "0123456789");
	check_cursor(24, 0);
	// Nothing beyond the screen was written.
	CHECK(*cell(25, 0) == 0);
}

// The memory of the screen is a few screens long: it is gone through again and
// again, and never left.
static void
scroll_far(uint16_t port, int cells)
{
	screen_start(port, 0);
	for (int i = 0; i < 1000; i++) {
		jos_cprintf("line %d\n", i);
		CHECK(screen_start_cell() + 25 * 80 <= cells);
	}
	check_row(0, 0, "line 976 ");
	check_row(23, 0, "line 999 ");
	check_row(24, 0, "          ");
	check_cursor(24, 0);
	CHECK(*(cell(0, 0) - screen_start_cell() + cells) == 0);
}

static void
test_screen_far(void)
{
	scroll_far(0x3d4, 8192);
}

static void
test_screen_far_mono(void)
{
	scroll_far(0x3b4, 2048);
}

static void
test_screen_start(void)
{
	crtc.port = 0x3d4;
	crtc.regs[14] = 0xff;
	crtc.regs[15] = 0xff;
	jos_cons_init();
	print("x");
	check_row(24, 0, "x");
	check_cursor(24, 1);
}

static void
test_screen_mono(void)
{
	screen_start(0x3b4, 0);
	print("mono");
	check_row(0, 0, "mono");
}

static void
test_screen_backspace(void)
{
	screen_start(0x3d4, 0);
	print("\b\b");
	check_cursor(0, 0);
}

// --------------------------------------------------------------------------
// Keyboard

static void
test_keyboard(void)
{
	jos_cons_init();
	PRESS(0x1e, 0x9e, 0x30, 0xb0, 0x2e, 0xae, 0x39, 0xb9, 0x02, 0x82, 0x1c);
	CHECK_TEXT(received(), "abc 1\n");
	PRESS(0x2a, 0x1e, 0x1e, 0xaa, 0x1e); // a held down, Shift let go
	CHECK_TEXT(received(), "AAa");
	PRESS(0x36, 0x2a, 0x02, 0xb6, 0x03, 0xaa, 0x04); // both Shift keys
	CHECK_TEXT(received(), "!@3");
	PRESS(0x3a, 0x3a, 0xba, 0x1e, 0x02, 0x2a, 0x1e, 0xaa); // Caps Lock on
	CHECK_TEXT(received(), "A1a");
	PRESS(0x3a, 0xba, 0x1e); // off
	CHECK_TEXT(received(), "a");
	PRESS(0x1d, 0x1e, 0x16, 0x1a, 0x02, 0x9d, 0x1e); // Ctrl
	CHECK_TEXT(received(), "\x01\x15\x1b"
	                       "1a");
	PRESS(0xe0, 0x1d, 0x2e, 0xe0, 0x9d, 0x2e); // right Ctrl
	CHECK_TEXT(received(), "\x03"
	                       "c");
	PRESS(0x01, 0x0e, 0x0f, 0x2b, 0x29, 0x35, 0x0c, 0x0d);
	CHECK_TEXT(received(), "\x1b\b\t\\`/-=");
	PRESS(0x2a, 0x10, 0x1b, 0x27, 0x28, 0x29, 0x2b, 0x33, 0x35, 0xaa);
	CHECK_TEXT(received(), "Q}:\"~|<?");
	PRESS(0x3b, 0x44, 0x57, 0x58, 0x45, 0x46, 0x54, 0x7f, 0xfa, 0xff);
	CHECK_TEXT(received(), "");
	PRESS(0x1e);
	keyboard.mouse = true;
	CHECK_TEXT(received(), "");
}

static void
test_keyboard_special(void)
{
	jos_cons_init();
	PRESS(0x47, 0x53, 0x37, 0x4a, 0x4e, 0xe0, 0x35, 0xe0, 0x1c); // keypad
	CHECK_TEXT(received(), "7.*-+/\n");
	PRESS(0xe0, 0x2a, 0xe0, 0x48, 0xe0, 0xc8, 0xe0, 0xaa, 0x1e); // up
	CHECK_TEXT(received(), "\xe2"
	                       "a");
	PRESS(0xe0, 0x47, 0xe0, 0x4f, 0xe0, 0x50, 0xe0, 0x4b, 0xe0, 0x4d);
	CHECK_TEXT(received(), "\xe0\xe1\xe3\xe4\xe5");
	PRESS(0xe0, 0x49, 0xe0, 0x51, 0xe0, 0x52, 0xe0, 0x53);
	CHECK_TEXT(received(), "\xe6\xe7\xe8\xe9");
	PRESS(0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5, 0x1e); // Pause
	CHECK_TEXT(received(), "a");
	PRESS(0x1d, 0x38, 0x1e, 0xe0, 0x53, 0xe0, 0xd3);
	keyboard.reset = 0;
	received();
	CHECK(keyboard.reset & 1); // Ctrl-Alt-Del
}

// --------------------------------------------------------------------------
// Lines

static void
test_readline(void)
{
	jos_cons_init();
	type("help\r");
	CHECK_TEXT(jos_readline("K> "), "help");
	CHECK_TEXT(sent(), "K> help\n");
	type("hex\blp\x7f\n");
	CHECK_TEXT(jos_readline(NULL), "hel");
	CHECK_TEXT(sent(), "hex\b \blp\b \b\n");
	type("\b\x7f"
	     "ab\x15\b"
	     "c\td\x01\x1b\n");
	CHECK_TEXT(jos_readline("%d"), "c d");
	CHECK_TEXT(sent(), "%dab\b \b\b \b"
	                   "c d\n");
	PRESS(0xe0, 0x48, 0x1e, 0x1c); // the arrow is no character
	CHECK_TEXT(jos_readline(""), "a");
	sent();
	type("\n");
	CHECK_TEXT(jos_readline(NULL), "");
}

static void
test_readline_escapes(void)
{
	static const struct {
		const char *typed, *line;
	} cases[] = {
		{ "a\033[A\033[Db\n", "ab" },         // arrows
		{ "\033OA\033OPx\n", "x" },           // the same, as SS3; F1
		{ "\033[3~\033[1;5Cy\033[Z\n", "y" }, // Delete; ctrl-arrow
		{ "\033[?1;2c\n", "" },               // a terminal's answer
		{ "\033\n", "" },                     // Esc alone
		{ "\033x[A\n", "x[A" },               // and before other keys
		{ "\033\033[Az\n", "z" },
		{ "[A O\n", "[A O" },
		{ "\033[1\n", "" }, // broken off
		{ "ab\033[\bc\n", "ac" },
		{ "\033O\nnext", "" },
	};

	jos_cons_init();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		type(cases[i].typed);
		CHECK_TEXT(jos_readline(NULL), cases[i].line);
		received();
		CHECK(strchr(sent(), '[') == NULL ||
		      strchr(cases[i].line, '[') != NULL);
	}
}

static void
test_readline_long(void)
{
	static char text[1200];

	jos_cons_init();
	memset(text, 'x', 1100);
	strcpy(text + 1100, "\by\n");
	type(text);
	const char *line = jos_readline(NULL);
	CHECK(strlen(line) == 1023 && line[1022] == 'y' && line[1021] == 'x');
	CHECK(strchr(sent(), '\a') == uart.sent + 1023);
}

// --------------------------------------------------------------------------
// User programs

static int system_calls;
static const char *user_input = "";

void
sys_cputs(const char *s, size_t len)
{
	CHECK(len > 0 && uart.nsent + len < sizeof(uart.sent));
	memcpy(uart.sent + uart.nsent, s, len);
	uart.nsent += len;
	system_calls++;
}

int
sys_cgetc(void)
{
	return *user_input != '\0' ? (unsigned char)*user_input++ : -8;
}

static void
test_user_printf(void)
{
	static char text[LONG_TEXT];

	CHECK(user_cprintf("%d bottles of %s\n", 99, "beer") == 19);
	CHECK_TEXT(sent(), "99 bottles of beer\n");
	CHECK(system_calls == 1);
	CHECK(user_cprintf("%s", "") == 0 && system_calls == 1);
	memset(text, 'x', 1000);
	CHECK(user_cprintf("%s", text) == 1000 && system_calls <= 6);
	CHECK_TEXT(sent(), text);
	text[256] = '\0';
	CHECK(user_cprintf("%s", text) == 256);
	CHECK_TEXT(sent(), text);
}

static void
test_user_readline(void)
{
	user_input = "one\ntwo";
	CHECK_TEXT(user_readline("$ "), "one");
	CHECK_TEXT(sent(), "$ one\n");
	CHECK_TEXT(user_readline(NULL), "two");
	CHECK(user_readline(NULL) == NULL);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {
		{ "nothing", test_nothing },
		{ "zeros", test_zeros },
		{ "chatter", test_chatter },
		{ "stuck", test_stuck },
		{ "serial_output", test_serial_output },
		{ "serial_no_fifo", test_serial_no_fifo },
		{ "serial_input", test_serial_input },
		{ "screen", test_screen },
		{ "screen_scroll", test_screen_scroll },
		{ "screen_far", test_screen_far },
		{ "screen_far_mono", test_screen_far_mono },
		{ "screen_start", test_screen_start },
		{ "screen_mono", test_screen_mono },
		{ "screen_backspace", test_screen_backspace },
		{ "keyboard", test_keyboard },
		{ "keyboard_special", test_keyboard_special },
		{ "readline", test_readline },
		{ "readline_escapes", test_readline_escapes },
		{ "readline_long", test_readline_long },
		{ "user_printf", test_user_printf },
		{ "user_readline", test_user_readline },
	};

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (argc > 1 && strcmp(argv[1], tests[i].name) == 0) {
			tests[i].run();
			return 0;
		}
	}
	fprintf(stderr, "usage: test_console TEST\n");
	return 2;
}
