// Tests that a program is loaded whole whose segments are not page-aligned:
// this one's data begins in the page in which its text ends (GNUmakefile links
// it so).

#include <inc/lib.h>

#define COUNT 3000

static uint32_t data[COUNT] = { [0] = 0x12345678, [COUNT - 1] = 0x9abcdef0 };
static uint32_t zero[COUNT];

extern const char etext[]; // user/user.ld: where the text ends

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	// If the page did not survive the second segment, this text itself
	// would be gone.
	if (PGOFF(etext) == 0)
		fail("linked wrongly: no page is shared");
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
	report("text", *(const uint8_t *)(etext - 1));
	pass();
}
