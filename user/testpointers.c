// Tests what the kernel lets a program print. The second argument names a case;
// a case that must be refused ends in a "user_mem_check assertion failure".

#include <inc/lib.h>

static char pages_[3 * PGSIZE] __attribute__((aligned(PGSIZE)));

static const struct {
	const char *name;
	const char *va;
	size_t len;
} cases[] = {
	{ "null", NULL, 1 },
	{ "below-utext", (const char *)UTEXT - 1, 2 },
	{ "at-ulim", (const char *)ULIM, 1 },
	{ "across-ulim", (const char *)ULIM - 1, 2 },
	{ "kernbase", (const char *)KERNBASE, 1 },
	{ "top", (const char *)-1, 1 },
	{ "wrap", (const char *)-PGSIZE, 2 * PGSIZE },
	{ "wrap-to-here", pages_, -1 },
	{ "stack-top", (const char *)USTACKTOP - 1, 2 },
	{ "past-stack", (const char *)USTACKTOP, 1 },
};

// Everything here is the program's own to print.
static void
try_good(void)
{
	memset(pages_, 'x', sizeof(pages_));
	pages_[PGSIZE - 1] = 'A';
	pages_[PGSIZE] = 'B';
	sys_cputs((const char *)-1, 0);
	sys_cputs((const char *)KERNBASE, 0);
	sys_cputs(pages_ + PGSIZE - 1, 2);
	cprintf("\n");
	pages_[2 * PGSIZE - 1] = 'C';
	sys_cputs(pages_ + 2 * PGSIZE - 1, 1);
	cprintf("\n");
	pass();
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	if (argc < 3)
		try_good();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (strcmp(argv[2], cases[i].name) != 0)
			continue;
		report("trying", (uint32_t)(uintptr_t)cases[i].va);
		sys_cputs(cases[i].va, cases[i].len);
		fail("the kernel printed %u bytes at %08x",
		     (uint32_t)cases[i].len, (uint32_t)(uintptr_t)cases[i].va);
	}
	fail("there is no case %s", argv[2]);
}
