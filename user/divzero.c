// Shows that dividing by zero is a trap that ends the program.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	int one = 1, zero = 0;

	// The compiler must know neither number: it may leave out a division by
	// zero, and it turns 1 / n into a comparison.
	__asm__ volatile("" : "+r"(one), "+r"(zero));
	cprintf("one by zero makes %d\n", one / zero);
}
