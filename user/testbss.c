// Tests that variables without an initial value start as zero, that they can be
// written, and that no memory is mapped past their end.

#include <inc/lib.h>

// One mebiword: from the data segment's end to beyond 0xc00000.
#define WORDS (1024 * 1024)

static uint32_t big[WORDS];

void
umain(int argc, char **argv)
{
	uint32_t *past = big + WORDS;

	cprintf("Making sure bss works right...\n");
	for (uint32_t i = 0; i < WORDS; i++)
		if (big[i] != 0)
			panic("word %u of bss was %08x at the start", i,
			      big[i]);
	for (uint32_t i = 0; i < WORDS; i++)
		big[i] = ~i;
	for (uint32_t i = 0; i < WORDS; i++)
		if (big[i] != ~i)
			panic("word %u of bss does not keep its value", i);

	cprintf("Yes, good.  Now doing a wild write off the end...\n");
	// The compiler must not know where this is, or it warns.
	__asm__ volatile("" : "+r"(past));
	*(volatile uint32_t *)(past + 1024) = 0;
	panic("the write past the end of bss did not fault");
}
