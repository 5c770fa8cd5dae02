// Entry points of the interrupt table, for assembly files.
#ifndef JOS_KERN_TRAPSTUB_H
#define JOS_KERN_TRAPSTUB_H

#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/trap.h>

// TRAPHANDLER(name, num) defines the function `name`: the entry point of vector
// `num`, for which the processor pushes an error code. TRAPHANDLER_NOEC(name,
// num) is for a vector without one, and pushes a 0 in its place. Both then push
// the vector's number and jump to _alltraps (kern/trapentry.S).
// clang-format off
#define TRAPHANDLER(name, num) \
	.globl name; .type name, @function; \
	name: pushl $(num); jmp _alltraps; \
	.size name, . - name

#define TRAPHANDLER_NOEC(name, num) \
	.globl name; .type name, @function; \
	name: pushl $0; pushl $(num); jmp _alltraps; \
	.size name, . - name

#endif
