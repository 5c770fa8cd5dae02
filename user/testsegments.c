// Tests that a program is loaded whole whose segments are not page-aligned:
// this one's data begins in the page in which its text ends (user/user.ld).

#include <inc/lib.h>

#define COUNT 3000

// The end of the text, which makes the data begin in its page.
static const volatile uint8_t tail[]
	__attribute__((section(".share"))) = { 3, 5, 7, 9, 11 };

// (volatile: the compiler must not know that nothing writes there.)
static volatile uint32_t data[COUNT] = { [0] = 0x12345678,
	                                 [COUNT - 1] = 0x9abcdef0 };
static volatile uint32_t zero[COUNT];

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	// What would be gone if the page did not survive the second segment.
	for (uint32_t i = 0; i < sizeof(tail); i++)
		if (tail[i] != 3 + 2 * i)
			fail("byte %u of the text's last page is %u", i,
			     tail[i]);
	for (uint32_t i = 0; i < COUNT; i++) {
		uint32_t wanted = i == 0           ? 0x12345678
		                  : i == COUNT - 1 ? 0x9abcdef0
		                                   : 0;

		if (data[i] != wanted)
			fail("data[%u] is %08x instead of %08x", i, data[i],
			     wanted);
		if (zero[i] != 0)
			fail("word %u of bss is %08x", i, zero[i]);
	}
	pass();
}
