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

#define MAXARGS 16 // words of a command, its name included

// A backtrace longer than this goes round in circles.
#define BACKTRACE_MAX 100

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

// Print the calls that led here, innermost first: "Stack backtrace:", then for
// each stack frame the two lines
//
//   ebp %08x  eip %08x  args %08x %08x %08x %08x %08x
//          FILE:LINE: FUNCTION+OFFSET
//
// indented by two and by nine blanks. ebp is the frame pointer (read_ebp in
// inc/x86.h gives this function's); eip the address that the function returns
// to; args the five words of memory after the return address, whether or not
// the function has so many arguments. The second line tells about eip what
// debuginfo_eip gives, also where it finds nothing; FUNCTION is eip_fn_name, of
// which eip_fn_namelen characters count; OFFSET is the decimal distance of eip
// from the function's start.
//
// The first frame is that of this function. A frame starts with the frame
// pointer of its caller, and the return address follows. The walk ends before
// the first frame that is not there (frame_readable in kern/kdebug.c), and in
// any case after BACKTRACE_MAX frames.
//
// Returns:  0. The arguments do not matter.
// Source:   Intel SDM vol. 1, "Calling Procedures Using CALL and RET",
//           "Stack-Frame Base Pointer"; "System V ABI, Intel386 Supplement",
//           "The Stack Frame".
int
mon_backtrace(int argc, char **argv, struct Trapframe *tf)
{
	// @solution lab1.mon_backtrace
	uintptr_t ebp = read_ebp();

	cprintf("Stack backtrace:\n");
	for (int n = 0; n < BACKTRACE_MAX && frame_readable(ebp); n++) {
		const uint32_t *frame = (const uint32_t *)ebp;
		uint32_t eip = frame[1];
		struct Eipdebuginfo info;

		cprintf("  ebp %08x  eip %08x  args %08x %08x %08x %08x %08x\n",
		        (uint32_t)ebp, eip, frame[2], frame[3], frame[4],
		        frame[5], frame[6]);
		debuginfo_eip(eip, &info);
		cprintf("         %s:%d: %.*s+%u\n", info.eip_file,
		        info.eip_line, info.eip_fn_namelen, info.eip_fn_name,
		        (uint32_t)(eip - info.eip_fn_addr));
		ebp = frame[0];
	}
	return 0;
	// @end lab1.mon_backtrace
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Split `line` into its words in place.
//
// Returns:  how many there are, at most MAXARGS; argv[] is ended by NULL. -1
//           when there are more.
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

// Carry out one line. Returns what the command returns.
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

// Read and carry out commands until one says to leave. `tf` is the trap frame
// of the program that stopped, or NULL.
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
