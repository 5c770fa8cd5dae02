// How test programs report to the grader.
//
// The grader draws a key for each run and passes it as the program's first
// argument. A result is reported with a digest of the key, the result's name
// and its value: the line cannot be printed without running this, in this run.

#include <inc/digest.h>
#include <inc/lib.h>

static bool keyed;
static uint32_t key;
static uint32_t random_state = 1;

// Take the key from argv[1], if it is there; without one (a student runs the
// program by hand) only the plain lines are printed.
void
test_start(int argc, char **argv)
{
	if (argc < 2)
		return;
	keyed = true;
	key = digest_key(argv[1]);
	random_state = key | 1;
}

// Report that `name` came out as `value`.
void
report(const char *name, uint32_t value)
{
	if (keyed)
		cprintf("= %s %08x %08x\n", name, value,
		        digest(key, name, value));
}

// End the program: everything was as it should be.
void
pass(void)
{
	cprintf("%s: pass\n", binaryname);
	report(binaryname, 0);
	exit();
}

// End the program and its children: say what was seen instead.
void
test_fail(const char *file, int line, const char *fmt, ...)
{
	const envid_t me = sys_getenvid();
	char text[256];
	va_list ap;

	// In one system call, so that nothing comes between.
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	cprintf("%s: fail: %s (%s:%d)\n", binaryname, text, file, line);
	for (int i = 0; i < NENV; i++)
		if (envs[i].env_parent_id == me &&
		    envs[i].env_status != ENV_FREE)
			sys_env_destroy(envs[i].env_id);
	exit();
}

// Returns:  the next number of a sequence that the key starts. Never 0.
// Source:   G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8.
uint32_t
test_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

// Fail unless `seen`, what `call` gave, is `wanted`, as `rule` says.
void
test_must_be(const char *file, int line, const char *call, int seen, int wanted,
             const char *rule)
{
	if (seen != wanted)
		test_fail(file, line, "%s: %s gives %d instead of %d", rule,
		          call, seen, wanted);
}
