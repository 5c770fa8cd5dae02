// The console as user programs see it: one character at a time.

#include <inc/lib.h>
#include <inc/x86.h>

// Show one character.
void
cputchar(int c)
{
	char text = c;

	sys_cputs(&text, 1);
}

// Wait for a character to be typed.
//
// Returns:  the character, or a negative error number.
int
getchar(void)
{
	int c;

	while ((c = sys_cgetc()) == 0)
		cpu_pause();
	return c;
}

// Returns:  whether the file descriptor is the console, as all of them are.
int
iscons(int fdnum)
{
	return 1;
}
