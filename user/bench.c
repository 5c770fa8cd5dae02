// Measures, when QEMU counts instructions as time (-icount shift=0): how many
// it took from reset to here, and how many a system call that does nothing
// takes.

#include <inc/lib.h>
#include <inc/x86.h>

#define ROUNDS 1000

// The least time that `rounds` null system calls, or none, take one by one.
static uint32_t
fastest(bool with_call)
{
	uint32_t least = -1;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t start = read_tsc();

		if (with_call)
			sys_getenvid();
		least = MIN(least, (uint32_t)(read_tsc() - start));
	}
	return least;
}

void
umain(int argc, char **argv)
{
	uint64_t start = read_tsc();

	cprintf("bench: first %llu\n", start);
	cprintf("bench: getenvid %u\n", fastest(true) - fastest(false));
}
