// Tests cow_pgfault: that a write to a PTE_COW page gives the writer a copy,
// and changes nothing else. The pages are made PTE_COW by hand. With one of the
// arguments below there is a fault that it cannot handle, and it must panic.

#include <inc/lib.h>

static const int rw = PTE_P | PTE_U | PTE_W, cow = PTE_P | PTE_U | PTE_COW;

// Pages one after the other: PAGE and the one after it are PTE_COW.
static uintptr_t area;
#define BEFORE area
#define PAGE   (area + PGSIZE)
#define NEXT   (area + 2 * PGSIZE)
#define AFTER  (area + 3 * PGSIZE)
#define SECOND (area + 5 * PGSIZE) // PAGE and NEXT at other addresses

#define WORD(va) (*(volatile uint32_t *)(va))

static uint32_t seed;

static void
alloc(uintptr_t va, int perm)
{
	expect_call(sys_page_alloc(0, (void *)va, perm), 0,
	            "sys_page_alloc(0, %08x, %03x)", (uint32_t)va, perm);
}

static void
map(uintptr_t srcva, uintptr_t dstva, int perm)
{
	expect_call(sys_page_map(0, (void *)srcva, 0, (void *)dstva, perm), 0,
	            "sys_page_map(0, %08x, 0, %08x, %03x)", (uint32_t)srcva,
	            (uint32_t)dstva, perm);
}

// A writable page full of words that are found nowhere else.
static void
make_page(uintptr_t va)
{
	alloc(va, rw);
	for (uintptr_t at = va; at < va + PGSIZE; at += 4)
		WORD(at) = seed ^ at;
}

// The page at `va` has what make_page left at `origin`, except `len` bytes.
static void
expect_contents(const char *what, uintptr_t va, uintptr_t origin,
                uintptr_t written, uint32_t len)
{
	for (uintptr_t at = 0; at < PGSIZE; at++) {
		uint32_t word = seed ^ (ROUNDDOWN(origin + at, 4));
		uint8_t wanted = word >> at % 4 * 8;
		uint8_t seen = *(volatile uint8_t *)(va + at);

		if (va + at >= written && va + at < written + len)
			continue;
		if (seen != wanted)
			fail("%s has %02x at %08x after a write to another "
			     "address, %08x; before, it was %02x",
			     what, seen, (uint32_t)(va + at), (uint32_t)written,
			     wanted);
	}
}

static void
expect_entry(const char *what, uintptr_t va, pte_t wanted)
{
	if (test_pte(va) != wanted)
		fail("the page-table entry of %s is %08x instead of %08x", what,
		     test_pte(va), wanted);
}

// The page at `va` was PTE_COW with entry `old`, and has been written to.
static void
expect_copied(uintptr_t va, pte_t old, uint32_t refs)
{
	const pte_t now = test_pte(va);
	const uint32_t left = pages[PGNUM(old)].pp_ref;

	if (PTE_ADDR(now) == PTE_ADDR(old))
		fail("after a write to a PTE_COW page at %08x, the same page "
		     "is mapped there, with entry %08x",
		     (uint32_t)va, now);
	if ((now & (rw | PTE_COW)) != (pte_t)rw)
		fail("the page-table entry of a copy is %08x: it must be "
		     "writable and not PTE_COW",
		     now);
	if (test_pte(PFTEMP))
		fail("a page is still mapped at PFTEMP, with entry %08x",
		     test_pte(PFTEMP));
	if (test_refs(va) != 1)
		fail("a copy has pp_ref %u instead of 1", test_refs(va));
	if (left != refs)
		fail("the page that was copied has pp_ref %u instead of %u",
		     left, refs);
}

// A write of `len` bytes at `offset` of PAGE, maybe on into NEXT. With `shared`
// the pages have other mappings too.
static void
try(uint32_t offset, uint32_t len, bool shared)
{
	const bool both = offset + len > PGSIZE;
	const uintptr_t va = PAGE + offset;
	const uint32_t word = test_random();
	pte_t entries[6];
	uint32_t used;

	seed = test_random();
	for (uintptr_t at = BEFORE; at <= AFTER; at += PGSIZE)
		make_page(at);
	make_page(UTEMP);
	map(PAGE, SECOND, shared ? cow : rw);
	map(NEXT, SECOND + PGSIZE, shared ? cow : rw);
	if (!shared) {
		make_page(SECOND);
		make_page(SECOND + PGSIZE);
	}
	map(PAGE, PAGE, cow);
	map(NEXT, NEXT, cow);
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		entries[i] = test_pte(area + i * PGSIZE);
	const pte_t utemp = test_pte(UTEMP);

	used = test_pages_used();
	if (len == 1)
		*(volatile uint8_t *)va = word;
	else
		WORD(va) = word;
	expect_entry("UTEMP", UTEMP, utemp);
	expect_pages(used + (shared ? 1 + both : 0), "after a write");
	if (len == 4 ? WORD(va) != word : *(uint8_t *)va != (uint8_t)word)
		fail("what was written to a PTE_COW page is not there");
	expect_copied(PAGE, entries[1], shared);
	expect_contents("the copy", PAGE, PAGE, va, len);
	expect_contents("the page after it", NEXT, NEXT, va, len);
	if (both)
		expect_copied(NEXT, entries[2], shared);
	else
		expect_entry("the PTE_COW page after it", NEXT, entries[2]);
	if (shared)
		expect_contents("the other mapping of the page", SECOND, PAGE,
		                va, len);
	expect_entry("the page before it", BEFORE, entries[0]);
	expect_entry("another page", AFTER, entries[3]);
	expect_entry("the other mapping", SECOND, entries[5]);
	expect_contents("the page before it", BEFORE, BEFORE, va, len);
	expect_contents("another page", AFTER, AFTER, va, len);
	expect_contents("UTEMP", UTEMP, UTEMP, va, len);
	// The next write needs no other copy.
	*(volatile uint8_t *)va = ~word;
	if (PTE_ADDR(test_pte(PAGE)) == PTE_ADDR(entries[1]) ||
	    *(volatile uint8_t *)va != (uint8_t)~word)
		fail("a copy cannot be written to again");
}

static volatile uint32_t counter = 1; // in the program's data

// What a program that has forked does: all that it can write is PTE_COW, its
// data and its stack.
static void
check_program(void)
{
	volatile uint32_t local = 1;
	const uintptr_t pages[] = { (uintptr_t)&counter, (uintptr_t)&local };

	for (int i = 0; i < 3; i++) {
		for (size_t k = 0; k < ARRAY_SIZE(pages); k++) {
			uintptr_t va = ROUNDDOWN(pages[k], PGSIZE);

			map(va, va, cow);
		}
		counter *= 2;
		local *= 2;
	}
	if (counter != 8 || local != 8)
		fail("a program whose stack and data are PTE_COW counts %u and "
		     "%u instead of 8",
		     counter, local);
}

// Faults that cow_pgfault must not handle. What the panic must name is reported
// before it.
extern const char reads[], writes[];
static void __attribute__((noinline))
report_and_access(uintptr_t va, bool write)
{
	report("va", va);
	report("ip", (uint32_t)(uintptr_t)(write ? writes : reads));
	if (write)
		__asm__ volatile(".globl writes\n"
		                 "writes: movl $0, (%0)"
		                 :
		                 : "r"(va)
		                 : "memory");
	else
		__asm__ volatile(".globl reads\n"
		                 "reads: cmpl $0, (%0)"
		                 :
		                 : "r"(va)
		                 : "memory", "cc");
}

// What cannot happen: a read fault on a present page. This tests that the
// handler checks.
static void
claim_read(uintptr_t va)
{
	struct UTrapframe utf = {
		.utf_fault_va = va,
		.utf_err = FEC_PR | FEC_U,
		.utf_eip = (uintptr_t)reads,
	};

	report("va", va);
	report("ip", (uint32_t)(uintptr_t)reads);
	cow_pgfault(&utf);
}

static void
be_refused(const char *name)
{
	const uintptr_t va = PAGE + test_random() % (PGSIZE / 4) * 4;

	alloc(BEFORE, rw);
	if (strcmp(name, "read") == 0) {
		report_and_access(va, false);
	} else if (strcmp(name, "claimed") == 0) {
		alloc(PAGE, cow);
		claim_read(va);
	} else if (strcmp(name, "unmapped") == 0) {
		report_and_access(va, true);
	} else if (strcmp(name, "absent") == 0) {
		report_and_access(va + PTSIZE, true);
	} else if (strcmp(name, "write") == 0) {
		alloc(PAGE, PTE_P | PTE_U | PTE_SHARE);
		report_and_access(va, true);
	} else if (strcmp(name, "nomem") == 0) {
		alloc(PAGE, cow);
		test_fill(test_newborn(), area);
		report_and_access(va, true);
	} else {
		fail("there is no case %s", name);
	}
	fail("an access to %08x, which is not for cow_pgfault to allow, was "
	     "allowed: the page-table entry is %08x",
	     (uint32_t)va, test_pte(va));
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	test_others();
	area = test_region(2);
	set_pgfault_handler(cow_pgfault);
	if (argc > 2)
		be_refused(argv[2]);
	try(0, 1, true);
	try(0, 4, false);
	try(PGSIZE - 1, 1, true);
	try(test_random() % (PGSIZE - 3), 4, true);
	try(test_random() % (PGSIZE - 3), 4, false);
	try(PGSIZE - 2, 4, true);
	try(PGSIZE - 3, 4, true);
	check_program();
	pass();
}
