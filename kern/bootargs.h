// The boot arguments: what this boot does.
#ifndef JOS_KERN_BOOTARGS_H
#define JOS_KERN_BOOTARGS_H

#include <inc/types.h>

#define BOOTARGS_SIZE 512 // bytes of text, including the NUL
#define BOOTARGS_ARGC 32  // most arguments of a program, including its name

// Words separated by blanks:
//   lab=N       the lab in progress, which decides how far the kernel boots
//   init=NAME   the first program to run; without it the monitor starts
//   copies=N    how many environments run it, from lab 4 on (default 1)
//   key=HEX     the key that tests report with (inc/digest.h)
//   tick=N      the time slice in microseconds (kern/lapic.h); with key=, each
//               slice has a random length around N, seeded with the key
//   sched=lottery  use the lottery scheduler (kern/lottery.c)
//   trace=0     do not print each trap from user mode
//   symbols=0   print backtraces without functions and lines
//   check=NAME  run a check that should end in a panic (kern/check/)
//   -- WORD...  arguments for the program
struct Bootparams {
	int lab;
	const char *init; // NULL when not given
	int copies;
	bool keyed; // a key was given
	uint32_t key;
	uint32_t tick;     // 0 when not given
	const char *sched; // NULL when not given
	bool trace;
	bool symbols;
	const char *check; // NULL when not given
	int argc;          // argv[0] is `init`
	const char *argv[BOOTARGS_ARGC + 1];
};

extern struct Bootparams bootparams;

void bootargs_init(int default_lab);

#endif
