// Tests sys_page_unmap: that the page is gone where it was unmapped and only
// there, that it is free when that was the last place, and what is refused.

#include <inc/lib.h>

static const int rw = PTE_P | PTE_U | PTE_W, ro = PTE_P | PTE_U;

static uintptr_t area;    // one page table's worth of addresses
static uintptr_t nowhere; // another, without a page table
static pte_t entry;       // of PAGE
static uint32_t used;     // pages, while nothing changes

#define PAGE  area
#define EMPTY (area + 5 * PGSIZE) // nothing is mapped here

#define WORD(va) (*(volatile uint32_t *)(va))

static void
alloc(envid_t env, uintptr_t va, int perm)
{
	expect_call(sys_page_alloc(env, (void *)va, perm), 0,
	            "sys_page_alloc(%08x, %08x, %03x)", env, (uint32_t)va,
	            perm);
}

static int
map(envid_t src, uintptr_t srcva, envid_t dst, uintptr_t dstva, int perm)
{
	return sys_page_map(src, (void *)srcva, dst, (void *)dstva, perm);
}

static void
unmap(envid_t env, uintptr_t va, int wanted, const char *why)
{
	expect_call(sys_page_unmap(env, (void *)va), wanted,
	            "sys_page_unmap(%08x, %08x), %s,", env, (uint32_t)va, why);
}

static void
expect_refs(pte_t pte, uint32_t wanted, const char *when)
{
	uint32_t seen = pages[PGNUM(pte)].pp_ref;

	if (seen != wanted)
		fail("%s, the pp_ref of a page is %u instead of %u", when, seen,
		     wanted);
}

static void
expect_unmapped(uintptr_t va)
{
	if (test_pte(va))
		fail("sys_page_unmap returned 0, but the page-table entry of "
		     "%08x is %08x",
		     (uint32_t)va, test_pte(va));
}

// After a call that was refused, or had nothing to do.
static void
expect_unchanged(const char *why)
{
	if (test_pte(PAGE) != entry)
		fail("a call had nothing to do, %s, but the page-table entry "
		     "of %08x has changed from %08x to %08x",
		     why, (uint32_t)PAGE, entry, test_pte(PAGE));
	expect_refs(entry, 1, "after a call with nothing to do");
	if (test_pages_used() != used)
		fail("a call had nothing to do, %s, but %u pages are in use "
		     "instead of %u",
		     why, test_pages_used(), used);
}

// A page that is mapped three times, here and in a child.
static void
check_last(envid_t child)
{
	const uint32_t word = test_random();
	pte_t pte;

	alloc(0, EMPTY, rw);
	pte = test_pte(EMPTY);
	WORD(EMPTY) = word;
	expect_call(map(0, EMPTY, 0, EMPTY + PGSIZE, rw), 0, "sys_page_map");
	expect_call(map(0, EMPTY, child, EMPTY, rw), 0, "sys_page_map");
	used = test_pages_used();

	unmap(0, EMPTY, 0, "one of three mappings");
	expect_unmapped(EMPTY);
	expect_refs(pte, 2, "after one of three mappings was unmapped");
	if (test_pte(EMPTY + PGSIZE) != pte || WORD(EMPTY + PGSIZE) != word)
		fail("a page was unmapped at one address, and at another it "
		     "has entry %08x instead of %08x and shows %08x instead of "
		     "%08x",
		     test_pte(EMPTY + PGSIZE), pte, WORD(EMPTY + PGSIZE), word);
	unmap(child, EMPTY, 0, "one of two mappings, in a child");
	expect_refs(pte, 1, "after one of two mappings was unmapped");
	expect_call(map(child, EMPTY, 0, EMPTY, ro), -E_INVAL,
	            "sys_page_map of a page that was unmapped");
	expect_pages(used, "a page being mapped still");
	unmap(sys_getenvid(), EMPTY + PGSIZE, 0, "the last mapping");
	expect_unmapped(EMPTY + PGSIZE);
	expect_refs(pte, 0, "after its last mapping was unmapped");
	expect_pages(used - 1, "a page having lost its last mapping");

	// The other way round: the child has it last.
	alloc(child, EMPTY, rw);
	expect_call(map(child, EMPTY, 0, EMPTY, ro), 0, "sys_page_map");
	pte = test_pte(EMPTY);
	unmap(0, EMPTY, 0, "one of two mappings");
	expect_unmapped(EMPTY);
	expect_refs(pte, 1, "with a mapping in a child");
	unmap(child, EMPTY, 0, "the last mapping, in a child");
	expect_refs(pte, 0, "after its last mapping was unmapped");
	expect_pages(used - 1, "a page having lost its last mapping");
}

// A page without PTE_W, and pages at either end, are unmapped all the same.
static void
check_everywhere(envid_t child)
{
	const uintptr_t ends[] = { 0, USTACKTOP, UTOP - PGSIZE,
		                   EMPTY + PGSIZE };

	used = test_pages_used();
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		pte_t pte;

		alloc(child, ends[i], ro | PTE_SHARE | PTE_COW);
		expect_call(map(child, ends[i], 0, EMPTY, ro), 0,
		            "sys_page_map");
		pte = test_pte(EMPTY);
		unmap(0, EMPTY, 0, "a page of a child");
		unmap(child, ends[i], 0, "a page of a child");
		expect_refs(pte, 0, "after its last mapping was unmapped");
	}
}

static void
check_nothing(envid_t env)
{
	unmap(env, EMPTY, 0, "where no page is mapped");
	expect_unchanged("no page there");
	unmap(env, nowhere, 0, "where there is no page table");
	expect_unchanged("no page table there");
	unmap(env, EMPTY, 0, "where no page is mapped, again");
	expect_unchanged("no page there");
}

static void
check_arguments(envid_t env)
{
	static const uintptr_t high[] = { UTOP,    UTOP + PGSIZE, UPAGES,
		                          UVPT,    ULIM - PGSIZE, ULIM,
		                          MMIOLIM, KERNBASE,      -PGSIZE };

	for (uint32_t low = 1; low < PGSIZE; low *= 2) {
		unmap(env, PAGE + low, -E_INVAL, "va not page-aligned");
		expect_unchanged("va not page-aligned");
		unmap(env, nowhere + low, -E_INVAL, "va not page-aligned");
	}
	for (size_t i = 0; i < ARRAY_SIZE(high); i++) {
		unmap(env, high[i], -E_INVAL, "va not below UTOP");
		expect_unchanged("va not below UTOP");
	}
}

static void
try_bad_id(envid_t id, const char *why)
{
	used = test_pages_used();
	unmap(id, PAGE, -E_BAD_ENV, why);
	unmap(id, nowhere, -E_BAD_ENV, why);
	unmap(id, UTEXT, -E_BAD_ENV, why);
	expect_unchanged(why);
}

static volatile uint32_t steps; // of the child, which shares our memory

// The child: a page that could be read and no longer can.
static void
read_twice(void)
{
	steps = WORD(PAGE) ? 0 : 1;
	if (sys_page_unmap(0, (void *)PAGE) < 0)
		return;
	steps = 2;
	steps = WORD(PAGE) ? 4 : 3;
}

static void
check_effect(void)
{
	envid_t child = test_child(read_twice);

	test_child_share(child);
	test_child_run(child);
	test_child_wait(child);
	if (steps < 2)
		fail("a child that shares all our memory could not use it");
	if (steps != 2)
		fail("a child unmapped a page of its own, and could read it "
		     "still");
	if (test_pte(PAGE) != entry)
		fail("a child unmapped a page of its own, and ours has the "
		     "entry %08x instead of %08x",
		     test_pte(PAGE), entry);
}

void
umain(int argc, char **argv)
{
	envid_t child;

	test_start(argc, argv);
	area = test_region(2);
	nowhere = area + PTSIZE;
	test_others();
	alloc(0, PAGE, rw);
	entry = test_pte(PAGE);
	child = test_newborn();
	alloc(child, PAGE, rw);
	check_last(child);
	check_everywhere(child);
	used = test_pages_used();
	check_nothing(0);
	check_nothing(child);
	check_arguments(0);
	check_arguments(child);
	test_bad_ids(try_bad_id);
	test_destroy(child);
	check_effect();
	pass();
}
