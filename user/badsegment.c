// Shows that a program cannot load a segment that is the kernel's alone: here
// the selector of the task state.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	__asm__ volatile("movw %w0, %%ds" : : "r"(GD_TSS0));
}
