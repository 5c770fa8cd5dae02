// The user programs embedded in the kernel, by name.
#ifndef JOS_KERN_PROGRAM_H
#define JOS_KERN_PROGRAM_H

#include <inc/types.h>

struct Program {
	const char *name;
	const uint8_t *start; // its ELF image
	uint32_t size;        // in bytes
};

// Written by tools/programs.py, sorted by name.
extern const struct Program programs[];
extern const uint32_t nprograms;

const struct Program *program_find(const char *name);
const struct Program *program_of(const uint8_t *image);
void program_list(void);
struct Env *program_create(int argc, const char *const *argv);

#endif
