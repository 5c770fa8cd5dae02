// What the tests of system calls share: what is expected of a call, which ids
// a call must refuse, how much memory is in use.

#include <inc/lib.h>

envid_t test_foreign;

// How often the others look at a stalled test before they report it.
#define PATIENCE 1000

static const char *const names[MAXERROR] = {
#define ERROR(name, number, text) [name] = "-" #name,
#include <inc/error.def>
#undef ERROR
};

// Returns:  whether there is a child of anybody that may still do something.
static bool
children_busy(void)
{
	for (int i = 0; i < NENV; i++)
		if (envs[i].env_parent_id != 0 &&
		    envs[i].env_status != ENV_FREE &&
		    envs[i].env_status != ENV_NOT_RUNNABLE)
			return true;
	return false;
}

// Wait for the environment in envs[0] to exit. If it has stalled with nothing
// else runnable, report that failure for it.
static void __attribute__((noreturn)) stand_by(void)
{
	const volatile struct Env *tester = &envs[0];
	const envid_t id = tester->env_id;
	uint32_t runs = 0, looks = 0;

	while (tester->env_id == id && tester->env_status != ENV_FREE) {
		sys_yield();
		if (tester->env_runs != runs ||
		    tester->env_status == ENV_RUNNING ||
		    tester->env_status == ENV_DYING)
			looks = 0;
		runs = tester->env_runs;
		if (looks++ == PATIENCE && !children_busy())
			fail("%08x has stopped for good: env_status is %d", id,
			     tester->env_status);
	}
	exit();
}

// If there are several copies of the program (boot argument copies=), only the
// first continues, the one in envs[0]. The others are environments that it may
// not command, and end after it: test_foreign becomes the id of one of them, or
// stays 0.
void
test_others(void)
{
	if (ENVX(sys_getenvid()) != 0)
		stand_by();
	for (int i = 1; i < NENV; i++)
		if (envs[i].env_status != ENV_FREE)
			test_foreign = envs[i].env_id;
	if (test_foreign == 0)
		cprintf("%s: nothing is tried on environments that are not "
		        "ours: there are none (boot argument copies=2)\n",
		        binaryname);
}

// The result of a system call as a word.
static const char *
result_name(int result, char *text, size_t size)
{
	if (result < 0 && result > -MAXERROR)
		return names[-result];
	snprintf(text, size, "%d", result);
	return text;
}

// Fail unless the result of a call is what it should be; the other arguments
// say which call that was.
void
test_call(const char *file, int line, int seen, int wanted, const char *fmt,
          ...)
{
	char text[160], seen_text[12], wanted_text[12];
	va_list ap;

	if (seen == wanted)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	test_fail(file, line, "%s returned %s instead of %s", text,
	          result_name(seen, seen_text, sizeof(seen_text)),
	          result_name(wanted, wanted_text, sizeof(wanted_text)));
}

// Make a child. It never runs.
envid_t
test_newborn(void)
{
	envid_t child = sys_exofork();

	if (child <= 0)
		fail("sys_exofork returned %d instead of a child's id", child);
	return child;
}

void
test_destroy(envid_t child)
{
	expect_call(sys_env_destroy(child), 0, "sys_env_destroy(%08x)", child);
}

// Call `try` with each kind of id that names no environment of the caller's,
// and with what is wrong with it.
void
test_bad_ids(void (*try)(envid_t id, const char *why))
{
	const envid_t me = sys_getenvid(), old = test_newborn();
	envid_t child;

	test_destroy(old);
	try(old, "the id of an environment that has ended");
	child = test_newborn();
	if (child == old || ENVX(child) != ENVX(old))
		fail("%08x ended, and then a new environment got the id %08x",
		     old, child);
	try(old, "an old id of a slot with a new tenant");
	try(child + NENV * 4, "an id that a slot's tenant may get later");
	try((envid_t)(me | 1u << 31), "a negative id");
	try(-1, "a negative id");
	try(ENVX(child), "a slot's number instead of an id");
	try(0x7fffffff, "an id that nobody has had");
	if (test_foreign)
		try(test_foreign, "not the caller, nor a child of it");
	test_destroy(child);
}

// Returns:  the page-table entry of `va` without the bits that the processor
//           sets, 0 where there is none.
pte_t
test_pte(uintptr_t va)
{
	if (!(uvpd[PDX(va)] & PTE_P) || !(uvpt[PGNUM(va)] & PTE_P))
		return 0;
	return uvpt[PGNUM(va)] & ~(PTE_A | PTE_D);
}

// Returns:  how many mappings the page has that is mapped at `va`.
uint32_t
test_refs(uintptr_t va)
{
	return pages[PGNUM(uvpt[PGNUM(va)])].pp_ref;
}

// Returns:  how many pages of memory are in use. pages[] has as many elements
//           as fit in the pages that the kernel has mapped for it, or a few
//           less; what follows them does not change.
uint32_t
test_pages_used(void)
{
	const size_t each = PGSIZE / sizeof(struct PageInfo);
	uint32_t used = 0;

	for (uintptr_t va = UPAGES; test_pte(va); va += PGSIZE) {
		const volatile struct PageInfo *pp = (void *)va;

		for (size_t i = 0; i < each; i++)
			used += pp[i].pp_ref != 0;
	}
	return used;
}

// Returns:  how many environments there are.
uint32_t
test_envs_used(void)
{
	uint32_t used = 0;

	for (int i = 0; i < NENV; i++)
		used += envs[i].env_status != ENV_FREE;
	return used;
}

// Fail unless as many pages are in use as `wanted`.
void
test_pages(const char *file, int line, uint32_t wanted, const char *when)
{
	uint32_t seen = test_pages_used();

	if (seen != wanted)
		test_fail(file, line, "%s, %u pages are in use instead of %u",
		          when, seen, wanted);
}

// Give `child` pages from `va` on until no more is free.
//
// Returns:  how many it got.
uint32_t
test_fill(envid_t child, uintptr_t va)
{
	uint32_t n = 0;
	int r;

	while ((r = sys_page_alloc(child, (void *)(va + n * PGSIZE),
	                           PTE_P | PTE_U | PTE_W)) == 0)
		n++;
	expect_call(r, -E_NO_MEM, "sys_page_alloc when no page is free");
	return n;
}

// Returns:  the first address of `count` times PTSIZE bytes that the program
//           does not use, a different one in each run.
uintptr_t
test_region(uint32_t count)
{
	return (64 + test_random() % (704 - count)) * PTSIZE;
}
