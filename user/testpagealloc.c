// Tests sys_page_alloc: what a page is like that it gives, what happens to the
// page that was there, what it refuses, and what it leaves when memory is full.

#include <inc/lib.h>

static const int rw = PTE_P | PTE_U | PTE_W, ro = PTE_P | PTE_U;

static uintptr_t area;    // one page table's worth of addresses; PAGE is there
static uintptr_t nowhere; // another, without a page table
static uint32_t pattern;  // fills the page at PAGE
static pte_t entry;       // of PAGE
static uint32_t used;     // pages, while nothing changes

#define PAGE  area
#define EMPTY (area + 5 * PGSIZE) // nothing is mapped here

static void
alloc(envid_t env, uintptr_t va, int perm, int wanted, const char *why)
{
	expect_call(sys_page_alloc(env, (void *)va, perm), wanted,
	            "sys_page_alloc(%08x, %08x, %03x), %s,", env, (uint32_t)va,
	            perm, why);
}

static void
fill(uintptr_t va, uint32_t word)
{
	for (size_t i = 0; i < PGSIZE; i += 4)
		*(volatile uint32_t *)(va + i) = word;
}

static void
expect_filled(uintptr_t va, uint32_t word, const char *what)
{
	for (size_t i = 0; i < PGSIZE; i += 4) {
		uint32_t seen = *(volatile uint32_t *)(va + i);

		if (seen != word)
			fail("%s has %08x at %08x instead of %08x", what, seen,
			     (uint32_t)(va + i), word);
	}
}

// After a call that was refused.
static void
expect_unchanged(const char *why)
{
	if (test_pte(PAGE) != entry)
		fail("a call was refused, %s, but the page-table entry of "
		     "%08x has changed from %08x to %08x",
		     why, (uint32_t)PAGE, entry, test_pte(PAGE));
	if (test_pte(EMPTY))
		fail("a call was refused, %s, but has mapped a page", why);
	expect_filled(PAGE, pattern, "after a call that was refused, a page");
	if (test_pages_used() != used)
		fail("a call was refused, %s, but %u pages are in use instead "
		     "of %u",
		     why, test_pages_used(), used);
}

// A page has exactly the permissions asked for.
static void
check_permissions(void)
{
	for (int bits = 0; bits < 16; bits++) {
		int perm = ro | (bits & 1 ? PTE_W : 0) | (bits >> 1) << 9;

		alloc(0, PAGE, perm, 0, "valid permissions");
		if (PGOFF(test_pte(PAGE)) != (uint32_t)perm)
			fail("a page was asked for with permissions %03x, "
			     "and has %03x",
			     perm, PGOFF(test_pte(PAGE)));
		if (test_refs(PAGE) != 1)
			fail("the pp_ref of a new page is %u instead of 1",
			     test_refs(PAGE));
		expect_filled(PAGE, 0, "a new page");
	}
}

// New pages are zeroed, though this one or that has been used before; the one
// that was there is free then.
static void
check_replaced(void)
{
	uint32_t before;

	alloc(0, PAGE, rw, 0, "the first page there");
	before = test_pages_used();
	for (int i = 0; i < 8; i++) {
		pte_t old = test_pte(PAGE);

		expect_filled(PAGE, 0, "a new page");
		fill(PAGE, test_random());
		alloc(i % 2 ? 0 : sys_getenvid(), PAGE, rw, 0,
		      "in place of another page");
		if (test_pte(PAGE) == old)
			fail("sys_page_alloc mapped the same page at %08x "
			     "again: none was taken, or the old one was "
			     "unmapped before that",
			     (uint32_t)PAGE);
		if (pages[PGNUM(old)].pp_ref != 0)
			fail("a page whose only mapping was replaced has "
			     "pp_ref %d instead of 0",
			     pages[PGNUM(old)].pp_ref);
		expect_pages(before, "a page having been replaced");
	}
}

// Any page below UTOP may be asked for, the first and the last too.
static void
check_everywhere(envid_t child)
{
	alloc(child, 0, rw, 0, "the first address there is");
	alloc(child, USTACKTOP, rw, 0, "a page below UTOP");
	alloc(child, UTOP - PGSIZE, rw, 0, "the last page below UTOP");
	alloc(0, UTOP - PGSIZE, rw, 0, "the last page below UTOP");
	if (PGOFF(test_pte(UTOP - PGSIZE)) != (uint32_t)rw)
		fail("the page below UTOP has the entry %08x",
		     test_pte(UTOP - PGSIZE));
}

// A child's page is mapped there, not here.
static void
check_child(envid_t child)
{
	used = test_pages_used();
	alloc(child, EMPTY, rw, 0, "for a child");
	expect_pages(used + 2, "after a child's first page and its page table");
	alloc(child, EMPTY + PGSIZE, ro, 0, "for a child");
	expect_pages(used + 3, "after a child's second page");
	alloc(child, EMPTY, rw, 0, "for a child, in place of another page");
	expect_pages(used + 3, "a child's page having been replaced");
	alloc(child, PAGE, rw, 0, "for a child");
	expect_pages(used + 4, "after a child's third page");
	used += 4;
	expect_unchanged("none of them ours");
}

static void
refuse(envid_t env, uintptr_t offset, int perm, const char *why)
{
	alloc(env, PAGE + offset, perm, -E_INVAL, why);
	alloc(env, EMPTY + offset, perm, -E_INVAL, why);
	alloc(env, nowhere + offset, perm, -E_INVAL, why);
	expect_unchanged(why);
}

static void
check_arguments(envid_t env)
{
	static const uintptr_t high[] = { UTOP,    UTOP + PGSIZE, UPAGES,
		                          UVPT,    ULIM - PGSIZE, ULIM,
		                          MMIOLIM, KERNBASE,      -PGSIZE };
	static const int less[] = { 0,
		                    PTE_P,
		                    PTE_U,
		                    PTE_W,
		                    PTE_U | PTE_W,
		                    PTE_P | PTE_W,
		                    PTE_U | PTE_AVAIL,
		                    PTE_P | PTE_AVAIL };

	for (uint32_t low = 1; low < PGSIZE; low *= 2)
		refuse(env, low, rw, "va not page-aligned");
	refuse(env, PGSIZE - 1, rw, "va not page-aligned");
	refuse(env, 1 + test_random() % (PGSIZE - 1), rw,
	       "va not page-aligned");
	for (size_t i = 0; i < ARRAY_SIZE(high); i++) {
		alloc(env, high[i], rw, -E_INVAL, "va not below UTOP");
		expect_unchanged("va not below UTOP");
	}
	for (size_t i = 0; i < ARRAY_SIZE(less); i++)
		refuse(env, 0, less[i], "PTE_U or PTE_P missing");
	for (int bit = 0; bit < 32; bit++) {
		int perm = rw | (int)(1u << bit);

		if (perm & ~PTE_SYSCALL)
			refuse(env, 0, perm, "a bit outside PTE_SYSCALL");
	}
}

static void
try_bad_id(envid_t id, const char *why)
{
	used = test_pages_used();
	alloc(id, PAGE, rw, -E_BAD_ENV, why);
	alloc(id, nowhere, rw, -E_BAD_ENV, why);
	expect_unchanged(why);
}

// With no page free, and with one free where two are needed.
static void
check_memory(void)
{
	envid_t one = test_newborn(), all = test_newborn();
	uint32_t before = test_pages_used(), n;

	n = test_fill(all, nowhere);
	if (n < 1000)
		fail("memory is full with only %u pages", n);
	used = test_pages_used();
	alloc(0, EMPTY, rw, -E_NO_MEM, "no page free");
	alloc(0, PAGE, rw, -E_NO_MEM, "no page free");
	alloc(0, nowhere, rw, -E_NO_MEM, "no page free");
	expect_call(sys_exofork(), -E_NO_MEM, "sys_exofork, no page free,");
	expect_unchanged("no page free");

	// Its page directory comes back.
	test_destroy(one);
	used--;
	for (int i = 0; i < 3; i++) {
		alloc(0, nowhere, rw, -E_NO_MEM, "none free for a page table");
		expect_unchanged("none free for a page table");
	}
	alloc(0, EMPTY, rw, 0, "one page free");
	alloc(0, EMPTY + PGSIZE, rw, -E_NO_MEM, "no page free");
	if (test_pte(nowhere))
		fail("a call that found no page for a page table has mapped "
		     "%08x",
		     test_pte(nowhere));
	test_destroy(all);
	expect_pages(before - 1, "after a child that had had all memory");
}

void
umain(int argc, char **argv)
{
	envid_t child;

	test_start(argc, argv);
	area = test_region(2);
	nowhere = area + PTSIZE;
	test_others();
	check_permissions();
	check_replaced();
	pattern = test_random();
	fill(PAGE, pattern);
	entry = test_pte(PAGE);
	child = test_newborn();
	check_child(child);
	check_everywhere(child);
	used = test_pages_used();
	check_arguments(0);
	check_arguments(sys_getenvid());
	check_arguments(child);
	test_bad_ids(try_bad_id);
	test_destroy(child);
	check_memory();
	pass();
}
