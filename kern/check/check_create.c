// Checks of how environments are created and run: what is refused, and what
// happens to the environment that was current before.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/check/check.h>
#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/pmap.h>
#include <kern/program.h>
#include <kern/trap.h>

// Call env_create for the program `arg`, with a type that no program has.
static void
create(void *arg)
{
	const struct Program *program = arg;

	env_create((uint8_t *)program->start, ENV_TYPE_FS);
}

// Check that env_create, for `program`, panics with `wanted`; `when` says why
// it must.
static void
expect_refusal(const struct Program *program, const char *when,
               const char *wanted)
{
	const char *said = panics(create, (void *)program);

	if (!said)
		panic("env_create of %s did not panic %s", program->name, when);
	if (strcmp(said, wanted) != 0)
		panic("env_create of %s panicked with \"%s\" instead of "
		      "\"%s\"",
		      program->name, said, wanted);
}

// Check env_create while another environment is the current one and its page
// directory is loaded, and then with no environment and no memory free.
void
check_env_create(void)
{
	const struct Program *program = program_find("hello");
	struct Env *first = env_free_list, *e = first->env_link, *rest;
	struct PageInfo *pages;
	char wanted[64];

	checking("lab3.load_icode");
	create((void *)program);
	curenv = first;
	lcr3(PADDR(first->env_pgdir));
	create((void *)program);
	if (rcr3() != PADDR(first->env_pgdir))
		panic("env_create, called while the page directory of another "
		      "environment was loaded, did not leave that loaded");
	checking("lab3.env_create");
	if (e->env_type != ENV_TYPE_FS)
		panic("env_create: env_type is %d instead of %d", e->env_type,
		      ENV_TYPE_FS);
	if (e->env_parent_id != 0)
		panic("env_create: env_parent_id is %08x instead of 0 while "
		      "there is a current environment",
		      e->env_parent_id);
	lcr3(PADDR(kern_pgdir));
	curenv = NULL;
	env_free(e);
	env_free(first);

	rest = env_free_list;
	env_free_list = NULL;
	snprintf(wanted, sizeof(wanted), "env_create: %e", -E_NO_FREE_ENV);
	expect_refusal(program, "though no environment is free", wanted);
	env_free_list = rest;
	pages = page_free_list;
	page_free_list = NULL;
	snprintf(wanted, sizeof(wanted), "env_create: %e", -E_NO_MEM);
	expect_refusal(program, "though no page is free", wanted);
	page_free_list = pages;
	checking(NULL);
	check_report("check_env_create", ENV_TYPE_FS);
}

// Check that load_icode refuses every image that elf_check refuses, with the
// same reason and before it maps anything.
void
check_images(void)
{
	struct Env *e = env_free_list;
	uint32_t count = 0;
	char wanted[96];

	checking("lab3.load_icode");
	for (const struct Program *p = programs; p < programs + nprograms;
	     p++) {
		const char *reason = elf_check(p->start, p->size);

		if (!reason)
			continue;
		snprintf(wanted, sizeof(wanted), "load_icode: %s: %s", p->name,
		         reason);
		expect_refusal(p, "though it cannot be loaded", wanted);
		for (size_t i = 0; i < PDX(UTOP); i++)
			if (e->env_pgdir[i] != 0)
				panic("load_icode mapped something of %s "
				      "before it refused it",
				      p->name);
		env_free(e);
		count++;
	}
	checking(NULL);
	check_report("check_images", count);
}

// The page directory that was loaded when trap was called.
static physaddr_t loaded;

// Called by trap instead of handling the first trap of a program.
static void
come_back(struct Trapframe *tf)
{
	loaded = rcr3();
	if ((tf->tf_cs & 3) == 0)
		panic("trap %u in the kernel at %08x", tf->tf_trapno,
		      (uint32_t)tf->tf_eip);
	panic("trap %u", tf->tf_trapno);
}

static void
run(void *e)
{
	env_run(e);
}

// Run `e` up to its first system call.
static void
run_shortly(struct Env *e)
{
	static uint8_t stack[PGSIZE] __attribute__((aligned(16)));
	struct Taskstate *ts = &bootcpu->cpu_ts;
	const uintptr_t top = ts->ts_esp0;
	const char *said;
	char wanted[16];

	snprintf(wanted, sizeof(wanted), "trap %u", T_SYSCALL);
	// The kernel stack is in use: the trap gets another.
	ts->ts_esp0 = (uintptr_t)stack + sizeof(stack);
	trap_probe = come_back;
	said = panics(run, e);
	trap_probe = NULL;
	ts->ts_esp0 = top;
	if (!said || strcmp(said, wanted) != 0)
		panic("env_run did not bring the program to its first system "
		      "call: %s",
		      said ? said : "it returned");
}

// Run `e` while `last`, possibly `e` itself, is the current environment with
// the status `before`. Check the state of both afterwards.
static void
expect_run(struct Env *e, struct Env *last, enum EnvStatus before,
           enum EnvStatus after)
{
	const uint32_t runs = e->env_runs;

	curenv = last;
	last->env_status = before;
	lcr3(PADDR(last->env_pgdir));
	run_shortly(e);
	if (curenv != e)
		panic("env_run: curenv is not the environment that runs");
	if (e->env_status != ENV_RUNNING)
		panic("env_run: env_status is %d instead of %d", e->env_status,
		      ENV_RUNNING);
	if (e->env_runs != runs + 1)
		panic("env_run: env_runs went from %u to %u", runs,
		      e->env_runs);
	if (loaded != PADDR(e->env_pgdir))
		panic("env_run: the page directory of the environment is not "
		      "loaded");
	if (last->env_status != after)
		panic("env_run: the environment that ran before had status %d "
		      "and has %d instead of %d",
		      before, last->env_status, after);
}

// Check that env_run switches to another environment, and resumes the same one.
void
check_env_run(void)
{
	struct Env *a = env_free_list, *b = a->env_link;
	const uint32_t times = 1 + check_random() % 4;

	// Its first instructions lead to a system call and need no stack.
	create((void *)program_find("goodtiny"));
	create((void *)program_find("goodtiny"));
	checking("lab3.env_run");
	expect_run(a, b, ENV_RUNNING, ENV_RUNNABLE);
	expect_run(b, a, ENV_RUNNING, ENV_RUNNABLE);
	for (uint32_t i = 0; i < times; i++)
		expect_run(b, b, ENV_RUNNING, ENV_RUNNING);
	// Only one that was running becomes runnable.
	expect_run(a, b, ENV_NOT_RUNNABLE, ENV_NOT_RUNNABLE);
	expect_run(b, a, ENV_DYING, ENV_DYING);
	lcr3(PADDR(kern_pgdir));
	curenv = NULL;
	env_free(b);
	env_free(a);
	checking(NULL);
	check_report("check_env_run", times);
}
