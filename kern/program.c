// Find and start the user programs embedded in the kernel.

#include <inc/assert.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/bootargs.h>
#include <kern/check/check.h>
#include <kern/env.h>
#include <kern/pmap.h>
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

// Print the programs' names, four to a line.
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

// Push umain's arguments onto the stack of the loaded program `e`: the strings,
// then argv[] ended by NULL, then argv and argc, where tf_esp points. At the
// very top are 32 zero bytes, so that a backtrace that prints five arguments of
// the outermost frame stays on the page.
//
// Needs:    the program's stack page is mapped and the arguments fit in it;
//           panics otherwise.
static void
env_push_args(struct Env *e, int argc, const char *const *argv)
{
	const uintptr_t page = USTACKTOP - PGSIZE;
	struct PageInfo *pp = page_lookup(e->env_pgdir, (void *)page, NULL);
	uint32_t used = 32, words = argc + 3;
	uint8_t *kva;
	uint32_t *vec;

	if (!pp)
		panic("environment %08x has no stack page at %08x", e->env_id,
		      (uint32_t)page);
	for (int i = 0; i < argc; i++)
		used += strlen(argv[i]) + 1;
	used = ROUNDUP(used, 16) + ROUNDUP(words * 4, 16);
	if (used > PGSIZE / 2)
		panic("the program's arguments do not fit its stack page");

	kva = page2kva(pp);
	vec = (uint32_t *)(kva + PGSIZE - used);
	e->env_tf.tf_esp = USTACKTOP - used;
	vec[0] = argc;
	vec[1] = e->env_tf.tf_esp + 8;
	used = 32;
	for (int i = 0; i < argc; i++) {
		used += strlen(argv[i]) + 1;
		strcpy((char *)kva + PGSIZE - used, argv[i]);
		vec[2 + i] = USTACKTOP - used;
	}
	vec[2 + argc] = 0;
}

// Create a runnable environment for the program argv[0] with its `argc`
// arguments.
//
// Returns:  the environment; or NULL, with a message, if there is no such
//           program.
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
