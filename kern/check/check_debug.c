// Checks of what backtraces are made of: debug tables and chains of frames.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/check/check.h>
#include <kern/env.h>
#include <kern/kdebug.h>
#include <kern/monitor.h>
#include <kern/pmap.h>

// A table as a program might have it, with rows of every kind. Functions: 0 at
// 100, 1 at 110, 2 with its name outside the strings.
static const struct Symline rows[] = {
	{ 100, 0, 1, 11 },       { 104, 0, 1, 12 }, { 110, 1, 1, 13 },
	{ 120, SYM_NONE, 0, 0 }, { 130, 3, 1, 14 }, { 140, 0, 10, 15 },
	{ 150, 2, 1, 16 },       { 160, 1, 1, 17 }, { 170, SYM_NONE, 0, 0 },
};
static const struct Symfunc funcs[] = { { 100, 3 }, { 110, 6 }, { 150, 10 } };
static const char strings[] = "\0f\0aa\0bbb";

// The expected result for each address; line 0 means none.
static const struct {
	uintptr_t addr;
	int line;
	const char *function;
	uintptr_t start;
} wanted[] = {
	{ 0, 0, NULL, 0 },          { 99, 0, NULL, 0 },
	{ 100, 11, "aa", 100 },     { 103, 11, "aa", 100 },
	{ 104, 12, "aa", 100 },     { 109, 12, "aa", 100 },
	{ 110, 13, "bbb", 110 },    { 119, 13, "bbb", 110 },
	{ 120, 0, NULL, 0 },        { 129, 0, NULL, 0 },
	{ 130, 0, NULL, 0 },        { 140, 0, NULL, 0 },
	{ 150, 0, NULL, 0 },        { 160, 17, "bbb", 110 },
	{ 169, 17, "bbb", 110 },    { 170, 0, NULL, 0 },
	{ 0xffffffff, 0, NULL, 0 },
};

// Look up `addr` in the first `nlines` rows, and check the result.
static void
expect_line(uint32_t nlines, uintptr_t addr, int line, const char *function,
            uintptr_t start)
{
	const struct Symview view = {
		rows, funcs, strings, nlines, ARRAY_SIZE(funcs), sizeof(strings)
	};
	const struct Eipdebuginfo before = { .eip_line = -7 };
	struct Eipdebuginfo info = before;
	int r = debuginfo_line(&view, addr, &info);

	if (r != (line ? 0 : -1))
		panic("debuginfo_line returned %d instead of %d for an address "
		      "that %s",
		      r, line ? 0 : -1, line ? "has a row" : "has none");
	if (!line && memcmp(&info, &before, sizeof(info)) != 0)
		panic("debuginfo_line found nothing, but changed *info");
	if (line &&
	    (info.eip_line != line || info.eip_fn_addr != start ||
	     strcmp(info.eip_file, "f") != 0 ||
	     info.eip_fn_namelen != (int)strlen(function) ||
	     strncmp(info.eip_fn_name, function, strlen(function)) != 0))
		panic("debuginfo_line found line %d, function at %u instead of "
		      "line %d, function %s at %u",
		      info.eip_line, (uint32_t)info.eip_fn_addr, line, function,
		      (uint32_t)start);
}

// Check debuginfo_line on the table above, and on tables with fewer rows.
void
check_debuginfo_line(void)
{
	checking("lab1.debuginfo_line");
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		expect_line(ARRAY_SIZE(rows), wanted[i].addr, wanted[i].line,
		            wanted[i].function, wanted[i].start);
	expect_line(0, 100, 0, NULL, 0);
	expect_line(1, 99, 0, NULL, 0);
	expect_line(1, 105, 11, "aa", 100);
	expect_line(2, 115, 12, "aa", 100);
	checking(NULL);
	check_report("check_debuginfo_line", check_random());
}

// Print a backtrace as if the caller's frame pointer were `ebp`.
static void
backtrace_from(const uint32_t *ebp)
{
	__asm__ volatile("pushl %%ebp\n\t"
	                 "movl %0, %%ebp\n\t"
	                 "pushl $0\n\t"
	                 "pushl $0\n\t"
	                 "pushl $0\n\t"
	                 "call mon_backtrace\n\t"
	                 "addl $12, %%esp\n\t"
	                 "popl %%ebp"
	                 :
	                 : "b"(ebp)
	                 : "eax", "ecx", "edx", "memory", "cc");
}

// Print backtraces through damaged stacks, for the grader: they must end.
void
check_backtrace(void)
{
	// Frame pointer, return address (where the kernel has no code), five
	// arguments.
	uint32_t frame[7] = { 0xdeadbee0, 0xf0001111, 1, 2, 3, 4, 5 };

	checking("lab1.mon_backtrace");
	cprintf("check_backtrace: a frame pointer that leads nowhere\n");
	backtrace_from(frame);
	frame[0] = (uint32_t)(uintptr_t)frame;
	cprintf("check_backtrace: a frame that is its own caller\n");
	backtrace_from(frame);
	checking(NULL);
	check_report("check_backtrace", (uint32_t)(uintptr_t)frame);
}

// Write `word` at `va`, which must be mapped, in the memory of `e`.
static void
put_word(struct Env *e, uintptr_t va, uint32_t word)
{
	struct PageInfo *pp = page_lookup(e->env_pgdir, (void *)va, NULL);

	assert(pp);
	*(uint32_t *)(page2kva(pp) + PGOFF(va)) = word;
}

// Put only the header of a table at USTABDATA of `e`, and check whether
// debuginfo_user accepts it; `what` says why it must or must not.
static void
expect_table(struct Env *e, const struct Symtab *header, bool good,
             const char *what)
{
	const uint32_t *words = (const uint32_t *)header;
	const char *table = (const char *)USTABDATA;
	// Acceptable if symtab_view leaves it unchanged: one 0 for strings.
	struct Symview view = { .strings = table + PGSIZE / 2, .strsize = 1 };
	int r;

	for (size_t i = 0; i < sizeof(*header) / sizeof(*words); i++)
		put_word(e, USTABDATA + i * sizeof(*words), words[i]);
	r = debuginfo_user(&view);
	if (r != (good ? 0 : -1))
		panic("debuginfo_user returned %d instead of %d for a table of "
		      "%u rows, %u functions and %u bytes of strings: %s",
		      r, good ? 0 : -1, header->st_nlines, header->st_nfuncs,
		      header->st_strsize, what);
}

// Check tables with their strings two pages after the header and nothing mapped
// in between: debuginfo_user must notice that the rows, or the functions, are
// on a page that is not mapped.
static void
expect_hole(struct Env *e)
{
	const uint32_t nlines = 2 * PGSIZE / sizeof(struct Symline);
	const uint32_t nfuncs = 2 * PGSIZE / sizeof(struct Symfunc);
	void *const page = (void *)(USTABDATA + 2 * PGSIZE);
	struct PageInfo *pp = page_alloc(ALLOC_ZERO);

	assert(page_insert(e->env_pgdir, pp, page, PTE_U) == 0);
	expect_table(e, &(struct Symtab){ SYMTAB_MAGIC, nlines, 0, 4 }, false,
	             "rows lie on a page that is not mapped");
	expect_table(e, &(struct Symtab){ SYMTAB_MAGIC, 0, nfuncs, 4 }, false,
	             "functions lie on a page that is not mapped");
	page_remove(e->env_pgdir, page);
}

// Check debuginfo_user on tables that a program may make up, all in the one
// page at USTABDATA.
void
check_debuginfo_user(struct Env *e)
{
	static const char fits[] = "it fits in the page";
	static const char outside[] = "it reaches where nothing is mapped";
	const uint32_t room = PGSIZE - sizeof(struct Symtab);
	void *const page = (void *)USTABDATA;
	const uint32_t magic = SYMTAB_MAGIC;
	struct PageInfo *pp = page_alloc(ALLOC_ZERO);
	struct Symview view;

	checking("lab3.debuginfo_user");
	if (debuginfo_user(&view) != -1)
		panic("debuginfo_user found a table without a current "
		      "environment");
	curenv = e;
	lcr3(PADDR(e->env_pgdir));
	for (uint32_t i = 0; i < PTSIZE / 2; i += PGSIZE)
		page_remove(e->env_pgdir, page + i);
	if (debuginfo_user(&view) != -1)
		panic("debuginfo_user found a table where no page is mapped");
	assert(page_insert(e->env_pgdir, pp, page, PTE_U) == 0);
	expect_table(e, &(struct Symtab){ magic, 0, 0, room }, true, fits);
	put_word(e, USTABDATA + PGSIZE - 4, 0x01000000);
	expect_table(e, &(struct Symtab){ magic, 0, 0, room }, false,
	             "the last byte is not 0");
	expect_table(e, &(struct Symtab){ magic, 1, 1, room - 19 }, true, fits);
	expect_table(e, &(struct Symtab){ magic, 0, 0, 0 }, false,
	             "there is no last byte");
	expect_table(e, &(struct Symtab){ magic + 1, 0, 0, 4 }, false,
	             "the magic is wrong");
	expect_table(e, &(struct Symtab){ magic, 0, 0, room + 1 }, false,
	             outside);
	expect_table(e, &(struct Symtab){ magic, PGSIZE, 0, 4 }, false,
	             outside);
	expect_table(e, &(struct Symtab){ magic, 0, PGSIZE, 4 }, false,
	             outside);
	expect_table(e, &(struct Symtab){ magic, 0x1999999a, 0, 4 }, false,
	             "symtab_view refuses so many");
	expect_table(e, &(struct Symtab){ magic, 0, 0, -room }, false,
	             "symtab_view refuses so many");
	expect_hole(e);

	// The program may not read it, though the kernel could.
	put_word(e, USTABDATA + PGSIZE - 4, 0);
	assert(page_insert(e->env_pgdir, pp, page, PTE_W) == 0);
	expect_table(e, &(struct Symtab){ magic, 0, 0, room }, false,
	             "the program may not read the page");
	lcr3(PADDR(kern_pgdir));
	curenv = NULL;
	checking(NULL);
	check_report("check_debuginfo_user", room);
}
