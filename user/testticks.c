// Tests that the timer ends time slices: an environment that never yields has
// had several after a while.

#include <inc/lib.h>
#include <inc/x86.h>

#define TURNS 3
// Ticks of the processor's clock, half a second or less on a fast one; a time
// slice is a hundredth of a second.
#define A_WHILE 1000000000
// If more than this passes between two looks at the clock, the environment did
// not run: others did, or an emulator's host did something else.
#define A_BREAK 1000000ULL

void
umain(int argc, char **argv)
{
	const uint32_t runs = thisenv->env_runs;
	uint64_t last = read_tsc();
	uint32_t ran = 0;

	test_start(argc, argv);
	while (thisenv->env_runs - runs < TURNS) {
		const uint64_t now = read_tsc();

		ran += MIN(now - last, A_BREAK);
		last = now;
		if (ran > A_WHILE)
			fail("the timer has ended %u turns of an environment "
			     "that does not yield; after a while these "
			     "must be %d or more",
			     thisenv->env_runs - runs, TURNS);
	}
	pass();
}
