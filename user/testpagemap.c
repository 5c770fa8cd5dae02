// Tests sys_page_map: that a page is the same page in both places, with the
// permissions asked for and no more than its source has; what it refuses; and
// that a page table may be missing.

#include <inc/lib.h>

static const int rw = PTE_P | PTE_U | PTE_W, ro = PTE_P | PTE_U;

static uintptr_t area;    // one page table's worth of addresses
static uintptr_t nowhere; // another, without a page table
static uint32_t used;     // pages, while nothing changes

#define PAGE     area                // writable
#define READONLY (area + PGSIZE)     // read-only
#define SECOND   (area + 2 * PGSIZE) // where pages are mapped to
#define DECOY    (area + 3 * PGSIZE) // writable; never to be mapped elsewhere
#define EMPTY    (area + 5 * PGSIZE) // nothing is mapped here

#define WORD(va) (*(volatile uint32_t *)(va))

static void
map(envid_t src, uintptr_t srcva, envid_t dst, uintptr_t dstva, int perm,
    int wanted, const char *why)
{
	expect_call(sys_page_map(src, (void *)srcva, dst, (void *)dstva, perm),
	            wanted, "sys_page_map(%08x, %08x, %08x, %08x, %03x), %s,",
	            src, (uint32_t)srcva, dst, (uint32_t)dstva, perm, why);
}

static void
alloc(envid_t env, uintptr_t va, int perm)
{
	expect_call(sys_page_alloc(env, (void *)va, perm), 0,
	            "sys_page_alloc(%08x, %08x, %03x)", env, (uint32_t)va,
	            perm);
}

// The page at `va` is the one at PAGE, with these permissions, and has `refs`
// mappings.
static void
expect_same(uintptr_t va, int perm, uint32_t refs)
{
	pte_t seen = test_pte(va), wanted = PTE_ADDR(test_pte(PAGE)) | perm;

	if (seen != wanted)
		fail("the page-table entry of %08x is %08x instead of %08x",
		     (uint32_t)va, seen, wanted);
	if (test_refs(va) != refs)
		fail("a page with %u mappings has pp_ref %u", refs,
		     test_refs(va));
}

// After a call that was refused.
static void
expect_unchanged(const char *why)
{
	static const char *const names[] = {
		"a writable page", "a read-only page", "the target",
		"another page",    "nothing",          "nothing"
	};
	static pte_t before[ARRAY_SIZE(names)];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		pte_t seen = test_pte(area + i * PGSIZE);

		if (why && seen != before[i])
			fail("a call was refused, %s, but the page-table entry "
			     "of %s at %08x has changed from %08x to %08x",
			     why, names[i], (uint32_t)(area + i * PGSIZE),
			     before[i], seen);
		before[i] = seen;
		if (seen && why && test_refs(area + i * PGSIZE) != 1)
			fail("a call was refused, %s, but %s has pp_ref %u "
			     "instead of 1",
			     why, names[i], test_refs(area + i * PGSIZE));
	}
	if (why && test_pages_used() != used)
		fail("a call was refused, %s, but %u pages are in use instead "
		     "of %u",
		     why, test_pages_used(), used);
}

// Within one environment.
static void
check_self(void)
{
	const envid_t me = sys_getenvid();
	uint32_t word = test_random();
	pte_t old;

	used = test_pages_used();
	map(0, PAGE, me, EMPTY, rw, 0, "within one environment");
	expect_same(EMPTY, rw, 2);
	expect_pages(used, "after a page was mapped a second time");
	WORD(EMPTY + 16) = word;
	if (WORD(PAGE + 16) != word)
		fail("one page at two addresses shows %08x and %08x",
		     WORD(PAGE + 16), word);
	for (int bits = 0; bits < 16; bits++) {
		int perm = ro | (bits & 1 ? PTE_W : 0) | (bits >> 1) << 9;

		map(me, PAGE, 0, EMPTY, perm, 0, "valid permissions");
		expect_same(EMPTY, perm, 2);
		expect_same(PAGE, rw, 2);
	}

	// Onto itself, when that is the page's only mapping.
	old = test_pte(SECOND);
	WORD(SECOND) = word;
	map(0, SECOND, 0, SECOND, ro | PTE_COW, 0, "onto itself");
	alloc(0, EMPTY, rw);
	if (test_pte(SECOND) != (PTE_ADDR(old) | ro | PTE_COW) ||
	    test_refs(SECOND) != 1 || WORD(SECOND) != word)
		fail("a page mapped onto itself read-only has entry %08x "
		     "instead of %08x, pp_ref %u instead of 1, and shows %08x "
		     "instead of %08x",
		     test_pte(SECOND), PTE_ADDR(old) | ro | PTE_COW,
		     test_refs(SECOND), WORD(SECOND), word);

	// In place of a page that has no other mapping.
	used = test_pages_used();
	old = test_pte(EMPTY);
	map(0, PAGE, 0, EMPTY, rw, 0, "in place of another page");
	expect_same(EMPTY, rw, 2);
	if (pages[PGNUM(old)].pp_ref != 0)
		fail("a page whose only mapping was replaced has pp_ref %d",
		     pages[PGNUM(old)].pp_ref);
	expect_pages(used - 1, "after a page was replaced");
	alloc(0, SECOND, rw);
	alloc(0, EMPTY, rw);
	WORD(SECOND) = word;
}

// What may not be written there may not be written here.
static void
check_readonly(envid_t child)
{
	map(0, READONLY, 0, SECOND, rw, -E_INVAL, "the source is read-only");
	map(0, READONLY, 0, READONLY, rw, -E_INVAL,
	    "onto itself, which is read-only");
	map(0, READONLY, child, PAGE, rw | PTE_COW, -E_INVAL,
	    "the source is read-only");
	map(0, READONLY, child, PAGE, ro | PTE_SHARE, 0,
	    "read-only as the source is");
	map(child, PAGE, 0, PAGE, rw, -E_INVAL, "the source is read-only");
	// The same page, which one side may write and the other may not.
	map(0, PAGE, child, PAGE, ro, 0, "a writable page, read-only");
	map(child, PAGE, 0, SECOND, rw, -E_INVAL, "the source is read-only");
	map(child, PAGE, child, PAGE, rw, -E_INVAL, "the source is read-only");
	map(0, PAGE, child, PAGE, rw, 0, "the source is writable");
	map(0, PAGE, 0, PAGE, ro, 0, "fewer permissions than there were");
	expect_same(PAGE, ro, 2);
	map(0, PAGE, 0, PAGE, rw, -E_INVAL,
	    "onto itself, which is read-only now");
	map(child, PAGE, 0, PAGE, rw, 0, "the source is writable");
	expect_same(PAGE, rw, 2);
	// Its only purpose here.
	alloc(child, PAGE, rw);
	expect_same(PAGE, rw, 1);
}

// From one to the next, and back. Where the source is in one environment there
// is another page in the others.
static void
check_children(envid_t first, envid_t second)
{
	uintptr_t x = DECOY, y = DECOY + 7 * PGSIZE;
	uint32_t word = test_random();

	alloc(first, y, rw);
	alloc(second, x, rw);
	map(0, PAGE, first, x, rw, 0, "to a child");
	expect_same(PAGE, rw, 2);
	map(first, x, second, y, ro, 0, "from a child to another");
	expect_same(PAGE, rw, 3);
	map(second, y, 0, EMPTY, ro, 0, "from a child to us");
	expect_same(EMPTY, ro, 4);
	map(second, y, 0, EMPTY, rw, -E_INVAL, "the source is read-only");
	map(second, y, first, EMPTY, rw, -E_INVAL, "the source is read-only");
	map(first, x, 0, EMPTY, rw | PTE_SHARE, 0, "from a child to us");
	expect_same(EMPTY, rw | PTE_SHARE, 4);
	map(first, x, first, EMPTY, rw, 0, "within a child");
	expect_same(EMPTY, rw | PTE_SHARE, 5);
	alloc(first, EMPTY, rw);
	alloc(first, x, rw);
	alloc(second, y, rw);
	expect_same(EMPTY, rw | PTE_SHARE, 2);

	// A page that a child had first.
	map(first, x, 0, EMPTY, rw, 0, "from a child to us");
	if (test_refs(EMPTY) != 2 || WORD(EMPTY) != 0)
		fail("a child's new page has pp_ref %u and %08x in it",
		     test_refs(EMPTY), WORD(EMPTY));
	WORD(EMPTY) = word;
	map(first, x, second, x, rw, 0, "from a child to another");
	map(second, x, 0, nowhere - PGSIZE, ro, 0, "from a child to us");
	if (WORD(nowhere - PGSIZE) != word || test_refs(EMPTY) != 4)
		fail("a page in three environments has pp_ref %u and shows "
		     "%08x instead of %08x",
		     test_refs(EMPTY), WORD(nowhere - PGSIZE), word);
}

// Bad addresses and permissions; `a` and `b` are us or a child that has a page
// at PAGE too.
static void
check_arguments(envid_t a, envid_t b)
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

	for (uint32_t low = 1; low < PGSIZE; low *= 2) {
		map(a, PAGE + low, b, SECOND, ro, -E_INVAL,
		    "srcva not page-aligned");
		map(a, PAGE, b, SECOND + low, ro, -E_INVAL,
		    "dstva not page-aligned");
	}
	expect_unchanged("an address not page-aligned");
	for (size_t i = 0; i < ARRAY_SIZE(high); i++) {
		map(a, high[i], b, SECOND, ro, -E_INVAL,
		    "srcva not below UTOP");
		map(a, PAGE, b, high[i], ro, -E_INVAL, "dstva not below UTOP");
	}
	expect_unchanged("an address not below UTOP");
	for (size_t i = 0; i < ARRAY_SIZE(less); i++) {
		map(a, PAGE, b, SECOND, less[i], -E_INVAL,
		    "PTE_U or PTE_P missing");
		map(a, PAGE, b, nowhere, less[i], -E_INVAL,
		    "PTE_U or PTE_P missing");
	}
	expect_unchanged("PTE_U or PTE_P missing");
	for (int bit = 0; bit < 32; bit++) {
		int perm = ro | (int)(1u << bit);

		if (perm & ~PTE_SYSCALL)
			map(a, PAGE, b, SECOND, perm, -E_INVAL,
			    "a bit outside PTE_SYSCALL");
	}
	expect_unchanged("a bit outside PTE_SYSCALL");
	map(a, area + 4 * PGSIZE, b, SECOND, ro, -E_INVAL, "no page at srcva");
	map(a, nowhere, b, SECOND, ro, -E_INVAL,
	    "no page, nor a page table, at srcva");
	expect_unchanged("no page at srcva");
}

static void
try_bad_id(envid_t id, const char *why)
{
	used = test_pages_used();
	map(id, PAGE, 0, SECOND, ro, -E_BAD_ENV, why);
	map(0, PAGE, id, SECOND, ro, -E_BAD_ENV, why);
	map(0, PAGE, id, nowhere, ro, -E_BAD_ENV, why);
	map(id, PAGE, id, SECOND, ro, -E_BAD_ENV, why);
	expect_unchanged(why);
}

// Without a page for a page table.
static void
check_memory(void)
{
	envid_t one = test_newborn(), all = test_newborn();
	uint32_t before = test_pages_used();

	test_fill(all, nowhere);
	used = test_pages_used();
	map(0, PAGE, 0, nowhere, ro, -E_NO_MEM, "no page for a page table");
	map(0, PAGE, one, PAGE, ro, -E_NO_MEM, "no page for a page table");
	expect_unchanged("no page for a page table");
	map(0, PAGE, 0, SECOND, ro, 0, "no page free, and none needed");
	expect_same(SECOND, ro, 2);
	expect_pages(used - 1, "a page having been replaced");
	map(0, PAGE, 0, nowhere, ro, 0, "one page free for a page table");
	expect_same(nowhere, ro, 3);
	expect_pages(used, "with a new page table");
	test_destroy(all);
	test_destroy(one);
	expect_pages(before - 2, "after a child that had had all memory");
}

static volatile uint32_t steps; // of the child, which shares our memory

// The child: a page that could be written and no longer can.
static void
write_twice(void)
{
	WORD(PAGE) = 1;
	steps = 1;
	if (sys_page_map(0, (void *)PAGE, 0, (void *)PAGE, ro) < 0)
		return;
	steps = 2;
	WORD(PAGE) = 2;
	steps = 3;
}

static void
check_effect(void)
{
	envid_t child = test_child(write_twice);

	alloc(0, PAGE, rw);
	test_child_share(child);
	test_child_run(child);
	test_child_wait(child);
	if (steps < 2 || WORD(PAGE) == 0)
		fail("a child that shares all our memory could not use it");
	if (steps != 2 || WORD(PAGE) != 1)
		fail("a child made a page of its own read-only, and could "
		     "write it still");
}

void
umain(int argc, char **argv)
{
	envid_t first, second;

	test_start(argc, argv);
	area = test_region(3);
	nowhere = area + PTSIZE;
	test_others();
	alloc(0, PAGE, rw);
	alloc(0, READONLY, ro);
	alloc(0, SECOND, rw);
	alloc(0, DECOY, rw);
	check_self();
	first = test_newborn();
	second = test_newborn();
	check_readonly(first);
	check_children(first, second);
	// Nothing may be at EMPTY from now on.
	area += PTSIZE;
	nowhere += PTSIZE;
	alloc(0, PAGE, rw);
	alloc(0, READONLY, ro);
	alloc(0, SECOND, rw);
	alloc(0, DECOY, rw);
	alloc(first, PAGE, rw);
	used = test_pages_used();
	expect_unchanged(NULL);
	check_arguments(0, 0);
	check_arguments(0, first);
	check_arguments(first, 0);
	test_bad_ids(try_bad_id);
	test_destroy(second);
	test_destroy(first);
	check_memory();
	check_effect();
	pass();
}
