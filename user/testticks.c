// Tests that the timer ends turns: an environment that never yields has had
// several when a while has gone by.

#include <inc/lib.h>
#include <inc/x86.h>

#define TURNS 3
// Ticks of the processor's clock, half a second or less on a fast one; a turn
// is a hundredth of a second.
#define A_WHILE 1000000000

void
umain(int argc, char **argv)
{
	const uint32_t runs = thisenv->env_runs;
	const uint64_t start = read_tsc();

	test_start(argc, argv);
	while (thisenv->env_runs - runs < TURNS)
		if (read_tsc() - start > A_WHILE)
			fail("the timer has ended %u turns of an environment "
			     "that does not yield; after a while these "
			     "must be %d or more",
			     thisenv->env_runs - runs, TURNS);
	pass();
}
