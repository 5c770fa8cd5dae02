// The PS/2 keyboard; the controller translates to scan code set 1.
//
// A key sends its code when it goes down (and again while it is held) and its
// code + 0x80 when it comes up. Keys that the first PC did not have send 0xE0
// before each of these. In this file bit 0x80 of a key's code marks such a key.
// Source: IBM, "Personal Computer AT Technical Reference", sections "Keyboard"
// and "Keyboard Controller"; Microsoft, "Keyboard Scan Code Specification".

#include <inc/string.h>
#include <inc/x86.h>

#include <kern/console.h>

#define KBD_DATA   0x60
#define KBD_STATUS 0x64

#define STATUS_FULL  0x01 // KBD_DATA holds a byte
#define STATUS_MOUSE 0x20 // the byte comes from the mouse

#define CODE_UP 0x80
#define CODE_E0 0xe0
#define CODE_E1 0xe1 // two codes of the Pause key follow

#define SYSTEM_PORT  0x92
#define SYSTEM_RESET 0x03 // reset; A20 stays enabled

// Runs of keys with consecutive codes: their characters without and with Shift.
// (\033 is Esc.) The keypad acts as if Num Lock were on.
static const struct {
	uint8_t first;
	const char *plain;
	const char *shifted;
} key_runs[] = {
	{ 0x01, "\0331234567890-=\b\t", "\033!@#$%^&*()_+\b\t" },
	{ 0x10, "qwertyuiop[]\n", "QWERTYUIOP{}\n" },
	{ 0x1e, "asdfghjkl;'`", "ASDFGHJKL:\"~" },
	{ 0x2b, "\\zxcvbnm,./", "|ZXCVBNM<>?" },
	{ 0x37, "*", "*" },
	{ 0x39, " ", " " },
	{ 0x47, "789-456+1230.", "789-456+1230." },
};

struct Key {
	uint8_t code;
	uint8_t gives;
};

static const struct Key special_keys[] = {
	{ 0x9c, '\n' },     { 0xb5, '/' },      { 0xc7, KEY_HOME },
	{ 0xc8, KEY_UP },   { 0xc9, KEY_PGUP }, { 0xcb, KEY_LF },
	{ 0xcd, KEY_RT },   { 0xcf, KEY_END },  { 0xd0, KEY_DN },
	{ 0xd1, KEY_PGDN }, { 0xd2, KEY_INS },  { 0xd3, KEY_DEL },
};

enum {
	SHIFT_LEFT = 0x01,
	SHIFT_RIGHT = 0x02,
	SHIFT = SHIFT_LEFT | SHIFT_RIGHT,
	CTRL_LEFT = 0x04,
	CTRL_RIGHT = 0x08,
	CTRL = CTRL_LEFT | CTRL_RIGHT,
	ALT_LEFT = 0x10,
	ALT_RIGHT = 0x20,
	ALT = ALT_LEFT | ALT_RIGHT,
	CAPS = 0x40,
};

static const struct Key modifier_keys[] = {
	{ 0x2a, SHIFT_LEFT }, { 0x36, SHIFT_RIGHT }, { 0x1d, CTRL_LEFT },
	{ 0x9d, CTRL_RIGHT }, { 0x38, ALT_LEFT },    { 0xb8, ALT_RIGHT },
	{ 0x3a, CAPS },
};

static struct {
	uint8_t held;   // modifier keys that are down
	bool caps_lock; // letters are capitals
	bool e0;        // the last byte was CODE_E0
	int skip;       // bytes still to ignore
} kbd;

// What `code` gives in one of the tables above, or 0.
static uint8_t
key_find(const struct Key *keys, size_t n, uint8_t code)
{
	for (size_t i = 0; i < n; i++) {
		if (keys[i].code == code)
			return keys[i].gives;
	}
	return 0;
}

// The character of a key, applying only Shift, or 0.
static uint8_t
key_lookup(uint8_t code, bool shift)
{
	for (size_t i = 0; i < ARRAY_SIZE(key_runs); i++) {
		uint8_t place = code - key_runs[i].first;

		if (place < strlen(key_runs[i].plain))
			return shift ? key_runs[i].shifted[place]
			             : key_runs[i].plain[place];
	}
	return key_find(special_keys, ARRAY_SIZE(special_keys), code);
}

// The character of a key with the current modifiers, or 0.
static uint8_t
key_character(uint8_t code)
{
	uint8_t c = key_lookup(code, kbd.held & SHIFT);
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

	if (letter && kbd.caps_lock)
		c ^= 'a' ^ 'A';
	if ((kbd.held & CTRL) && c >= '@' && c <= '~')
		c &= 0x1f;
	return c;
}

// If the key is a modifier, record whether it is down.
static bool
modifier_changed(uint8_t code, bool down)
{
	uint8_t which = key_find(modifier_keys, ARRAY_SIZE(modifier_keys),
	                         code);

	if (which == CAPS && down && !(kbd.held & CAPS))
		kbd.caps_lock = !kbd.caps_lock;
	kbd.held = down ? kbd.held | which : kbd.held & ~which;
	return which != 0;
}

// Returns:  the character that this byte from the keyboard completes, or 0.
static uint8_t
kbd_decode(uint8_t byte)
{
	if (kbd.skip > 0) {
		kbd.skip--;
		return 0;
	}
	if (byte == CODE_E1)
		kbd.skip = 2;
	bool e0 = kbd.e0;
	kbd.e0 = byte == CODE_E0;
	if (byte == CODE_E0 || byte == CODE_E1)
		return 0;

	bool down = !(byte & CODE_UP);
	uint8_t code = (byte & ~CODE_UP) | (e0 ? 0x80 : 0);
	if (modifier_changed(code, down) || !down)
		return 0;
	uint8_t c = key_character(code);
	if (c == KEY_DEL && (kbd.held & CTRL) && (kbd.held & ALT))
		outb(SYSTEM_PORT, SYSTEM_RESET);
	return c;
}

// Read one byte from the keyboard. Ctrl-Alt-Del resets the machine.
//
// Returns:  the character it completes (KEY_* for special keys), 0 for none,
//           or -1 when there is nothing to read or no keyboard.
int
kbd_read(void)
{
	uint8_t status = inb(KBD_STATUS);

	if (status == 0xff || !(status & STATUS_FULL))
		return -1;
	uint8_t byte = inb(KBD_DATA);
	return status & STATUS_MOUSE ? 0 : kbd_decode(byte);
}
