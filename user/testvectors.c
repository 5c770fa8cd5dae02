// Tests that each exception which a program can cause, and each `int`
// instruction, ends in the right trap. The second argument names which: `div`,
// `into`, `bound`, `ud`, `gp`, `pf`, or a vector number for `int`.

#include <inc/lib.h>

#define INT(n)                                                                 \
	{                                                                      \
#n, int_##n                                                    \
	}

// int $N, for the numbers that name a case below.
#define DEFINE_INT(n)                                                          \
	static void int_##n(void)                                              \
	{                                                                      \
		__asm__ volatile("int %0" : : "i"(n));                         \
	}
DEFINE_INT(0)
DEFINE_INT(1)
DEFINE_INT(2)
DEFINE_INT(8)
DEFINE_INT(13)
DEFINE_INT(14)
DEFINE_INT(17)
DEFINE_INT(19)
DEFINE_INT(32)
DEFINE_INT(47)
DEFINE_INT(49)
DEFINE_INT(128)
DEFINE_INT(255)

static void
divide(void)
{
	__asm__ volatile("xorl %%ecx, %%ecx\n\t"
	                 "divl %%ecx"
	                 :
	                 :
	                 : "eax", "ecx", "edx", "cc");
}

static void
overflow(void)
{
	__asm__ volatile("movb $127, %%al\n\t"
	                 "incb %%al\n\t"
	                 "into"
	                 :
	                 :
	                 : "eax", "cc");
}

static void
bound(void)
{
	static const int32_t bounds[2] = { 1, 2 };

	__asm__ volatile("bound %0, (%1)" : : "r"(3), "r"(bounds) : "memory");
}

static void
undefined(void)
{
	__asm__ volatile("ud2");
}

static void
protection(void)
{
	__asm__ volatile("cli");
}

static void
page_fault(void)
{
	*(volatile uint32_t *)(UTEXT - PGSIZE) = 0;
}

static const struct {
	const char *name;
	void (*raise)(void);
} cases[] = {
	{ "div", divide },
	{ "into", overflow },
	{ "bound", bound },
	{ "ud", undefined },
	{ "gp", protection },
	{ "pf", page_fault },
	INT(0),
	INT(1),
	INT(2),
	INT(8),
	INT(13),
	INT(14),
	INT(17),
	INT(19),
	INT(32),
	INT(47),
	INT(49),
	INT(128),
	INT(255),
};

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	if (argc < 3)
		fail("usage: testvectors KEY CASE");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (strcmp(argv[2], cases[i].name) != 0)
			continue;
		report("raising", i);
		cases[i].raise();
		fail("%s did not trap", argv[2]);
	}
	fail("there is no case %s", argv[2]);
}
