// The user programs that the kernel carries: finding and starting them.

#include <inc/assert.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/bootargs.h>
#include <kern/check/check.h>
#include <kern/env.h>
#include <kern/program.h>

// Returns:  the program called `name`, or NULL.
const struct Program *
program_find(const char *name)
{
	for (const struct Program *p = programs; p < programs + nprograms; p++)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

// Returns:  the program whose image starts at `image`, or NULL.
const struct Program *
program_of(const uint8_t *image)
{
	for (const struct Program *p = programs; p < programs + nprograms; p++)
		if (p->start == image)
			return p;
	return NULL;
}

// Print the programs' names, as many to a line as fit.
void
program_list(void)
{
	int column = 0;

	for (uint32_t i = 0; i < nprograms; i++) {
		cprintf("  %-16s", programs[i].name);
		if (++column % 4 == 0)
			cprintf("\n");
	}
	if (column % 4)
		cprintf("\n");
}

// Make a new environment for the program argv[0] with its `argc` arguments,
// ready to run.
//
// Returns:  the environment, or NULL, having said so, when there is no program
//           of that name.
struct Env *
program_create(int argc, const char *const *argv)
{
	const struct Program *program = program_find(argv[0]);
	struct Env *e = env_free_list;
	physaddr_t loaded;

	if (!program) {
		cprintf("There is no program \"%s\". There are:\n", argv[0]);
		program_list();
		return NULL;
	}
	if (bootparams.keyed)
		check_env_leavings(program);
	loaded = rcr3();
	env_create((uint8_t *)program->start, ENV_TYPE_USER);
	if (rcr3() != loaded)
		panic("env_create: another page directory is loaded than "
		      "before");
	if (bootparams.keyed)
		check_env_created(e, program);
	env_push_args(e, argc, argv);
	return e;
}
