// Monitor commands that run programs.

#include <inc/mmu.h>
#include <inc/stdio.h>

#include <kern/check/check.h>
#include <kern/env.h>
#include <kern/kdebug.h>
#include <kern/monitor.h>
#include <kern/panic.h>
#include <kern/program.h>
#include <kern/sched.h>

int
mon_run(int argc, char **argv, struct Trapframe *tf)
{
	struct Env *e = NULL;

	if (argc < 2) {
		program_list();
		return 0;
	}
	if (panicstr)
		cprintf("The kernel has stopped for good; boot it again.\n");
	else if (curenv)
		cprintf("Environment %08x has not ended: continue it first.\n",
		        curenv->env_id);
	else if (!env_free_list)
		cprintf("This lab has no environments yet.\n");
	else
		e = program_create(argc - 1, (const char *const *)argv + 1);
	if (e && multitasking)
		sched_yield();
	if (e)
		env_run(e);
	return 0;
}

// Is there a stopped program to resume? Prints a message if not.
static bool
stopped(const struct Trapframe *tf)
{
	if (!tf || !curenv || (tf->tf_cs & 3) == 0) {
		cprintf("No program has stopped at a breakpoint.\n");
		return false;
	}
	return true;
}

int
mon_step(int argc, char **argv, struct Trapframe *tf)
{
	if (!stopped(tf))
		return 0;
	// The debug exception comes after the next instruction.
	tf->tf_eflags |= FL_TF;
	return -1;
}

int
mon_continue(int argc, char **argv, struct Trapframe *tf)
{
	if (!stopped(tf))
		return 0;
	tf->tf_eflags &= ~FL_TF;
	return -1;
}

int
mon_check(int argc, char **argv, struct Trapframe *tf)
{
	if (!env_free_list || panicstr)
		cprintf("This kernel has no environments, or has stopped.\n");
	else if (argc == 2)
		check_env_named(argv[1], NULL);
	return 0;
}
