// How the checks report to the grader.

#include <inc/assert.h>
#include <inc/digest.h>
#include <inc/stdio.h>
#include <inc/string.h>

#include <kern/bootargs.h>
#include <kern/check/check.h>

// Where the grader looks for it when the kernel has stopped.
const char *check_exercise;

// From here on, `exercise` is what the checks try: should the kernel stop, it
// is the one at fault. NULL: none in particular.
void
checking(const char *exercise)
{
	check_exercise = exercise;
}

// Report, if the grader started this boot and gave it a key, that check `name`
// established `value`. The digest proves that the check ran in this boot.
void
check_report(const char *name, uint32_t value)
{
	if (bootparams.keyed)
		cprintf("= %s %08x %08x\n", name, value,
		        digest(bootparams.key, name, value));
}

// Returns:  whether the boot arguments ask for check `name`, which does what
//           must end in a panic.
bool
check_wanted(const char *name)
{
	return bootparams.check && strcmp(bootparams.check, name) == 0;
}

// Check `name` should have ended in a panic.
void
check_not_caught(const char *name)
{
	panic("check %s was not caught", name);
}

// Returns:  the next number of a sequence that starts from the boot's key, for
//           checks that draw what they try. Never 0.
// Source:   G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8.
uint32_t
check_random(void)
{
	static uint32_t state;

	if (state == 0)
		state = bootparams.key | 1;
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}
