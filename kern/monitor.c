// The kernel monitor: a command line for looking at a stopped system.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/types.h>
#include <inc/x86.h>

#include <kern/kdebug.h>
#include <kern/monitor.h>
#include <kern/trap.h>

#define MAXARGS 16 // words in a command, including its name

static const struct {
	const char *name;
	const char *args;
	const char *what;
	monitor_command *run;
} commands[] = {
	{ "help", "", "list the commands", mon_help },
	{ "kerninfo", "", "where the kernel is in memory", mon_kerninfo },
	{ "backtrace", "", "the calls that led here", mon_backtrace },
	{ "showmappings", "VA [LAST]", "page mappings of a range",
	  mon_showmappings },
	{ "setperm", "VA [+-][uw]...", "change the permissions of a page",
	  mon_setperm },
	{ "dump", "v|p ADDR [WORDS]", "words of virtual or physical memory",
	  mon_dump },
	{ "pgtables", "", "the whole address space, equal ranges folded",
	  mon_pgtables },
	{ "run", "[NAME [ARG...]]", "run a program; without NAME, list them",
	  mon_run },
	{ "step", "", "run one instruction of the stopped program", mon_step },
	{ "continue", "", "go on with the stopped program", mon_continue },
	{ "check", "NAME", "make a check that needs no new environment",
	  mon_check },
};

int
mon_help(int argc, char **argv, struct Trapframe *tf)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		int width = 30 - (int)strlen(commands[i].name);

		cprintf("%s %-*s%s\n", commands[i].name, width,
		        commands[i].args, commands[i].what);
	}
	return 0;
}

int
mon_kerninfo(int argc, char **argv, struct Trapframe *tf)
{
	extern char entry[], etext[], edata[], end[];
	const struct {
		const char *name, *va, *what;
	} symbols[] = {
		{ "entry", entry, "its first instruction" },
		{ "etext", etext, "the end of its code" },
		{ "edata", edata, "the end of its initialised data" },
		{ "end", end, "the end of all of it" },
	};

	cprintf("symbol  virtual   physical\n");
	for (size_t i = 0; i < ARRAY_SIZE(symbols); i++) {
		uint32_t va = (uintptr_t)symbols[i].va;

		cprintf("%-6s  %08x  %08x  %s\n", symbols[i].name, va,
		        va - KERNBASE, symbols[i].what);
	}
	cprintf("The kernel takes %u KiB of memory.\n",
	        (uint32_t)(ROUNDUP(end - entry, 1024) / 1024));
	return 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Split `line` into words, in place.
//
// Returns:  the number of words, at most MAXARGS, with argv[] ended by NULL; -1
//           if there are more.
static int
split(char *line, char **argv)
{
	bool in_word = false;
	int argc = 0;

	for (; *line; line++) {
		if (is_blank(*line)) {
			*line = '\0';
			in_word = false;
			continue;
		}
		if (!in_word && argc == MAXARGS)
			return -1;
		if (!in_word)
			argv[argc++] = line;
		in_word = true;
	}
	argv[argc] = NULL;
	return argc;
}

// Run one command line. Returns what the command returns.
static int
run_line(char *line, struct Trapframe *tf)
{
	char *argv[MAXARGS + 1];
	int argc = split(line, argv);

	if (argc < 0)
		cprintf("a command has at most %d arguments\n", MAXARGS - 1);
	if (argc <= 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(argv[0], commands[i].name) == 0)
			return commands[i].run(argc, argv, tf);
	cprintf("there is no command '%s'; try 'help'\n", argv[0]);
	return 0;
}

// Read and run commands until one asks to leave. `tf` is the trap frame of the
// stopped program, or NULL.
void
monitor(struct Trapframe *tf)
{
	cprintf("Welcome to the JOS kernel monitor!\n");
	cprintf("Type 'help' for a list of commands.\n");
	if (tf)
		print_trapframe(tf);
	for (int status = 0; status >= 0;) {
		char *line = readline("K> ");

		status = line ? run_line(line, tf) : 0;
	}
}
