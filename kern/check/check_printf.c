// Check of formatted output: prints what the grader computes itself.

#include <inc/error.h>
#include <inc/stdio.h>
#include <inc/string.h>

#include <kern/check/check.h>

// Print "check_printf: FORMAT NUMBER [TEXT]" for one number in one format.
static void
show(const char *format, uint32_t number)
{
	char text[64];

	snprintf(text, sizeof(text), format, number);
	cprintf("check_printf: %s %u [%s]\n", format, number, text);
}

// Print octal numbers and the other conversions, which must still work: fixed
// numbers and random ones from the boot's key.
void
check_printf(void)
{
	static const uint32_t edges[] = { 0, 1, 7, 8, 6828, 0xffffffff };
	static const char *const formats[] = { "%o",  "%12o", "%-12o", "%012o",
		                               "%#o", "%.5o", "%d",    "%u",
		                               "%x",  "%08x" };
	// Where two of the rules interact.
	static const struct {
		const char *format;
		uint32_t number;
	} corners[] = {
		{ "%.4o", 8 },   { "%.0o", 0 },    { "%5.0o", 0 },
		{ "%#o", 0 },    { "%#.0o", 0 },   { "%#.4o", 8 },
		{ "%+o", 8 },    { "% o", 8 },     { "%-05o", 8 },
		{ "%05.3o", 8 }, { "%hho", 4097 }, { "%ho", 0xffffffff },
	};
	uint64_t wide;

	checking("lab1.printfmt_octal");
	for (size_t i = 0; i < ARRAY_SIZE(edges); i++)
		show("%o", edges[i]);
	for (size_t i = 0; i < ARRAY_SIZE(corners); i++)
		show(corners[i].format, corners[i].number);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		show(formats[i], check_random());
	for (size_t i = 0; i < 4; i++)
		show("%o", check_random() >> i * 8);
	wide = check_random();
	wide = wide << 32 | check_random();
	cprintf("check_printf: %%llo %llu [%llo]\n", wide, wide);
	cprintf("check_printf: %%.*s 3 [%.*s]\n", 3, "abcdef");
	cprintf("check_printf: %%s 0 [%s]\n", "text");
	cprintf("check_printf: %%c 0 [%c]\n", 'c');
	cprintf("check_printf: %%e 3 [%e]\n", -E_INVAL);
	checking(NULL);
	check_report("check_printf", check_random());
}
