// What an exercise that is not done says; shared by the kernel and programs.

#include <inc/assert.h>
#include <inc/stdio.h>
#include <inc/string.h>

// Print the two lines for exercise `id`, "labN.name", at `file`:`line`. They
// start a line whatever was printed before, and need only %s and %d: the
// exercise may be in the formatting engine itself.
void
todo_print(const char *file, int line, const char *id)
{
	const char *dot = strfind(id, '.');

	cprintf("\nTODO %s at %s:%d\n", id, file, line);
	cprintf("    read labs/%.*s/README.md#%s\n", (int)(dot - id), id,
	        *dot ? dot + 1 : id);
}
