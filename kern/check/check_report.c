// How the checks report to the grader.

#include <inc/assert.h>
#include <inc/digest.h>
#include <inc/stdio.h>
#include <inc/string.h>

#include <kern/bootargs.h>
#include <kern/check/check.h>

// The exercise at fault. The grader reads it when the kernel has stopped.
const char *check_exercise;

// From here on the checks test `exercise`: if the kernel stops, that is the one
// at fault. NULL: none in particular.
void
checking(const char *exercise)
{
	check_exercise = exercise;
}

// The digests of the reports so far. The grader reads them from memory: any
// code can print on the console.
#define CHECK_REPORTS_MAX 63

struct {
	uint8_t gap[ROUNDUP(CHECK_GAP, 4)];
	uint32_t count;
	uint32_t digests[CHECK_REPORTS_MAX];
} check_reports;

// Keep and print the report of check_report, if there is a key. The digest
// proves that the check ran in this boot.
void
check_keep_report(const char *name, uint32_t value)
{
	const uint32_t proof = digest(bootparams.key, name, value);

	if (!bootparams.keyed)
		return;
	// Later ones, of programs run by the monitor, are not needed.
	if (check_reports.count < CHECK_REPORTS_MAX)
		check_reports.digests[check_reports.count++] = proof;
	cprintf("= %s %08x %08x\n", name, value, proof);
}

// Returns:  whether the boot arguments ask for check `name`, which must end in
//           a panic.
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

// Returns:  the next pseudo-random number of a sequence that starts from the
//           boot's key. Never 0.
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
