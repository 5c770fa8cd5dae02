// The console: serial line, text screen and keyboard as one device.
//
// Output goes to the serial line and the screen; input comes from the serial
// line and the keyboard (kern/kbd.c). Each may be missing:
// output to it is lost. No device can hang the kernel: every loop that waits
// for one is bounded.
//
// The CPU that is in the kernel owns the state below; with several CPUs, the
// kernel lock guards it.

#include <inc/memlayout.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/console.h>
#include <kern/idle.h>

// ---------------------------------------------------------------------------
// Input waiting to be read

#define INPUT_SIZE 512 // a power of two, so that the counters may wrap

static struct {
	uint8_t ring[INPUT_SIZE];
	uint32_t put;   // total characters put in
	uint32_t taken; // total characters taken out
} input;

// Move a device's input into the ring. `read` returns a character, 0 for input
// that makes none, or -1 when nothing is left. What does not fit stays in the
// device; the loop ends even if `read` never returns -1.
static void
input_collect(int (*read)(void))
{
	for (int i = 0; i < INPUT_SIZE; i++) {
		if (input.put - input.taken == INPUT_SIZE)
			return;
		int c = read();
		if (c < 0)
			return;
		if (c > 0)
			input.ring[input.put++ % INPUT_SIZE] = c;
	}
}

// ---------------------------------------------------------------------------
// Serial line: a 16550 at COM1, 115200 baud, 8 data bits, no parity.
// Source: National Semiconductor, "PC16550D Universal Asynchronous
// Receiver/Transmitter with FIFOs", section "Registers".

#define COM1 0x3f8

#define COM_DATA       (COM1 + 0) // read: received; write: to be sent
#define COM_DIVISOR_LO (COM1 + 0) // while LCR_DLAB is set
#define COM_DIVISOR_HI (COM1 + 1) // while LCR_DLAB is set
#define COM_IER        (COM1 + 1) // interrupts enabled
#define COM_IIR        (COM1 + 2) // read: interrupt and FIFO status
#define COM_FCR        (COM1 + 2) // write: FIFO control
#define COM_LCR        (COM1 + 3) // line control
#define COM_MCR        (COM1 + 4) // modem control
#define COM_LSR        (COM1 + 5) // line status

#define IER_RECEIVED 0x01 // interrupt when there is something to read
#define IIR_FIFO     0xc0 // both bits: FIFOs present and enabled
#define FCR_ENABLE   0x07 // enable, clear FIFOs; interrupt at 1 byte
#define LCR_8N1      0x03
#define LCR_DLAB     0x80
#define MCR_READY    0x0b // DTR, RTS, and OUT2, which lets interrupts through
#define LSR_RECEIVED 0x01 // COM_DATA holds a byte
#define LSR_SENT     0x20 // everything written so far is on its way

#define FIFO_SIZE 16

// How often to poll until the line accepts more. At boot one character may be
// in transit; later a slow reader at the other end must not lose any, however
// busy its machine is.
#define PATIENCE_START 100000
#define PATIENCE       0x10000000 // ten seconds or more

static struct {
	int burst; // characters per burst, 0 without a serial line
	int room;  // characters it is sure to accept now
	bool stuck;
} serial;

// Wait until the line has sent what it was given, but poll its status at most
// `patience` times. After a timeout, poll only once per call until the line
// responds again.
static void
serial_wait(int patience)
{
	if (serial.stuck)
		patience = 1;
	while (!(inb(COM_LSR) & LSR_SENT)) {
		if (--patience == 0) {
			serial.stuck = true;
			return;
		}
	}
	serial.stuck = false;
	serial.room = serial.burst;
}

static void
serial_init(void)
{
	if (inb(COM_LSR) == 0xff)
		return; // no such device

	outb(COM_FCR, FCR_ENABLE);
	outb(COM_LCR, LCR_DLAB);
	outb(COM_DIVISOR_LO, 115200 / 115200);
	outb(COM_DIVISOR_HI, 0);
	outb(COM_LCR, LCR_8N1);
	outb(COM_MCR, MCR_READY);
	outb(COM_IER, IER_RECEIVED);
	serial.burst = (inb(COM_IIR) & IIR_FIFO) == IIR_FIFO ? FIFO_SIZE : 1;
	serial_wait(PATIENCE_START);
}

// Most characters cost one port access: the line's status is read only when
// its FIFO may be full.
static void
serial_send(uint8_t c)
{
	if (serial.burst == 0)
		return;
	if (serial.room == 0)
		serial_wait(PATIENCE);
	if (serial.room > 0) {
		outb(COM_DATA, c);
		serial.room--;
	}
}

// Lines end in a plain "\n", as printed: the other end is nearly always a
// pseudo-terminal or a program, which adds the carriage return itself or wants
// none.
static void
serial_putc(int c)
{
	serial_send(c);
	if ((c & 0xff) == '\b') {
		serial_send(' ');
		serial_send('\b');
	}
}

static int
serial_read(void)
{
	return inb(COM_LSR) & LSR_RECEIVED ? inb(COM_DATA) : -1;
}

// Collect input from the serial line.
void
serial_intr(void)
{
	if (serial.burst > 0)
		input_collect(serial_read);
}

// ---------------------------------------------------------------------------
// Text screen: colour (CGA, EGA, VGA) or monochrome (MDA). Each cell of its
// memory holds a character and, in the high byte, its colours.
// Source: IBM, "Personal Computer AT Technical Reference", "Color/Graphics
// Monitor Adapter"; Motorola, "MC6845 CRT Controller", "Internal Registers".

#define CGA_PORT   0x3d4
#define CGA_MEMORY (KERNBASE + 0xb8000)
#define MDA_PORT   0x3b4
#define MDA_MEMORY (KERNBASE + 0xb0000)

// Cells of video memory: in colour, several screens
#define CGA_CELLS (16 * 1024 / 2)
#define MDA_CELLS (4 * 1024 / 2)

// Registers of the CRT controller, reached through its port and the next one
#define CRTC_START_HI  12
#define CRTC_START_LO  13
#define CRTC_CURSOR_HI 14
#define CRTC_CURSOR_LO 15

#define GREY_ON_BLACK 0x0700

static struct {
	uint16_t *cells; // NULL without a screen
	uint16_t size;   // number of cells
	uint16_t port;
	uint16_t start;  // first cell shown
	uint16_t cursor; // where the next character goes, from start
	uint16_t shown;  // cell where the cursor is shown
} screen;

static uint8_t
crtc_read(uint16_t port, uint8_t reg)
{
	outb(port, reg);
	return inb(port + 1);
}

// One 16-bit access reaches both ports.
static void
crtc_write(uint16_t port, uint8_t reg, uint8_t value)
{
	outw(port, value << 8 | reg);
}

// Set the register pair whose high half is `reg`.
static void
crtc_write_pair(uint8_t reg, uint16_t value)
{
	crtc_write(screen.port, reg, value >> 8);
	crtc_write(screen.port, reg + 1, value & 0xff);
}

// Is there a CRT controller at `port`? Its cursor register keeps its value.
static bool
crtc_present(uint16_t port)
{
	uint8_t saved = crtc_read(port, CRTC_CURSOR_LO);
	uint8_t probe = saved ^ 0x5a;

	crtc_write(port, CRTC_CURSOR_LO, probe);
	bool kept = crtc_read(port, CRTC_CURSOR_LO) == probe;
	crtc_write(port, CRTC_CURSOR_LO, saved);
	return kept;
}

// Continue where the BIOS left the cursor.
static void
screen_init(void)
{
	if (crtc_present(CGA_PORT)) {
		screen.port = CGA_PORT;
		screen.cells = (uint16_t *)CGA_MEMORY;
		screen.size = CGA_CELLS;
	} else if (crtc_present(MDA_PORT)) {
		screen.port = MDA_PORT;
		screen.cells = (uint16_t *)MDA_MEMORY;
		screen.size = MDA_CELLS;
	} else {
		return;
	}
	screen.cursor = crtc_read(screen.port, CRTC_CURSOR_HI) << 8 |
	                crtc_read(screen.port, CRTC_CURSOR_LO);
	screen.cursor = MIN(screen.cursor, CRT_SIZE - CRT_COLS);
	screen.shown = -1;
	crtc_write_pair(CRTC_START_HI, 0);
}

// Scroll by moving the visible window one row down in video memory. At the end
// of that memory, move the remaining rows to its start.
static void
screen_scroll(void)
{
	uint16_t *last;

	screen.start += CRT_COLS;
	if (screen.start + CRT_SIZE > screen.size) {
		memmove(screen.cells, screen.cells + screen.start,
		        (CRT_SIZE - CRT_COLS) * sizeof(uint16_t));
		screen.start = 0;
	}
	last = screen.cells + screen.start + CRT_SIZE - CRT_COLS;
	for (int i = 0; i < CRT_COLS; i++)
		last[i] = GREY_ON_BLACK | ' ';
	crtc_write_pair(CRTC_START_HI, screen.start);
	screen.cursor -= CRT_COLS;
}

static void
screen_putc(int c)
{
	if (screen.cells == NULL)
		return;
	if ((c & 0xff00) == 0)
		c |= GREY_ON_BLACK;

	switch (c & 0xff) {
	case '\n':
		screen.cursor += CRT_COLS - screen.cursor % CRT_COLS;
		break;
	case '\r':
		screen.cursor -= screen.cursor % CRT_COLS;
		break;
	case '\t':
		screen.cursor += 8 - screen.cursor % 8;
		break;
	case '\b':
		if (screen.cursor > 0)
			screen.cells[screen.start + --screen.cursor] =
				(c & 0xff00) | ' ';
		break;
	case '\a':
		break;
	default:
		screen.cells[screen.start + screen.cursor++] = c;
	}
	if (screen.cursor >= CRT_SIZE)
		screen_scroll();
}

// Show where the next character goes. This costs as much as printing one, so it
// is done only when the kernel reads input.
static void
screen_show_cursor(void)
{
	const uint16_t cell = screen.start + screen.cursor;

	if (screen.cells && cell != screen.shown)
		crtc_write_pair(CRTC_CURSOR_HI, cell);
	screen.shown = cell;
}

// ---------------------------------------------------------------------------
// The console

// How often to poll before sleeping; each poll is two port accesses.
#define LOOKS 1000

// Collect input from the keyboard.
void
kbd_intr(void)
{
	input_collect(kbd_read);
}

// Find the devices. Before this, output goes nowhere.
void
cons_init(void)
{
	screen_init();
	serial_init();
}

// Print the character in the low byte of `c`. Bits 8 to 15 are its colours on
// the screen, 0 meaning grey on black. '\b' erases the last character.
void
cons_putc(int c)
{
	serial_putc(c);
	screen_putc(c);
}

// Take the next character of input, and show the cursor. Works with interrupts
// off, as it also polls the devices.
//
// Returns:  the character (KEY_* for special keys), or 0 when there is none.
int
cons_getc(void)
{
	screen_show_cursor();
	serial_intr();
	kbd_intr();
	if (input.taken == input.put)
		return 0;
	return input.ring[input.taken++ % INPUT_SIZE];
}

// Print a character.
void
cputchar(int c)
{
	cons_putc(c);
}

// Wait for a character. Input often comes in bursts, so poll for some
// milliseconds before sleeping.
int
getchar(void)
{
	int c;

	for (int looks = 0; (c = cons_getc()) == 0; looks++) {
		if (looks < LOOKS)
			cpu_pause();
		else
			idle_wait();
	}
	return c;
}

// Returns:  whether the input is a console; the kernel's always is.
int
iscons(int fdnum)
{
	return 1;
}
