// Shows that a program may not raise the processor's exceptions at will: int
// $14 ends as a general protection fault, not as a page fault.

#include <inc/lib.h>

void
umain(int argc, char **argv)
{
	__asm__ volatile("int $14");
}
