// Tests duppage by way of fork_pages: how each kind of page is mapped then, in
// the child and here. What the child has is seen first by mapping it back, and
// then by letting the child look at its own page tables.

#include <inc/lib.h>

#define STACK  (UXSTACKTOP - PGSIZE) // the exception stack
#define NORMAL (USTACKTOP - PGSIZE)  // the page of the stack that is in use

static const int rw = PTE_P | PTE_U | PTE_W, ro = PTE_P | PTE_U;

// The kinds of pages.
static const int kinds[] = {
	PTE_P | PTE_U | PTE_W,
	PTE_P | PTE_U,
	PTE_P | PTE_U | PTE_COW,
	PTE_P | PTE_U | PTE_W | PTE_COW,
	PTE_P | PTE_U | PTE_W | 0x200,
	PTE_P | PTE_U | 0x200,
	PTE_P | PTE_U | PTE_COW | 0x200,
	PTE_P | PTE_U | PTE_SHARE,
	PTE_P | PTE_U | PTE_W | PTE_SHARE,
	PTE_P | PTE_U | PTE_W | PTE_SHARE | 0x200,
};

// Where they are: some at each of these addresses.
static uintptr_t places[4];
static uintptr_t temp; // pages of the child are mapped back here

// A page at an address.
struct Mapping {
	uintptr_t va;
	pte_t pte;
};

static struct Mapping before[200];
static uint32_t nbefore;

// What the child has seen, in a page that we share with it.
struct Board {
	uint32_t count;
	struct Mapping seen[500];
};

_Static_assert(sizeof(struct Board) <= PGSIZE, "fits in its page");

static volatile struct Board *board;

#define WORD(va) (*(volatile uint32_t *)(va))

static void
alloc(envid_t env, uintptr_t va, int perm)
{
	expect_call(sys_page_alloc(env, (void *)va, perm), 0,
	            "sys_page_alloc(%08x, %08x, %03x)", env, (uint32_t)va,
	            perm);
}

// The permissions of the page at `va`, which had `perm`, once it is duplicated.
static uint32_t
duplicated(uintptr_t va, uint32_t perm)
{
	if (va == NORMAL || perm & PTE_SHARE || !(perm & PTE_W))
		return perm;
	return (perm & ~PTE_W) | PTE_COW;
}

// The next page from `va` on that is mapped, or UTOP.
static uintptr_t
next_page(uintptr_t va)
{
	while (va < UTOP && !test_pte(va))
		va = uvpd[PDX(va)] & PTE_P ? va + PGSIZE
		                           : ROUNDDOWN(va, PTSIZE) + PTSIZE;
	return va;
}

static void
make_pages(void)
{
	const uintptr_t area = test_region(3);

	places[0] = area + PTSIZE - 5 * PGSIZE;
	places[1] = UTEMP;
	places[2] = area + 2 * PTSIZE + test_random() % 512 * PGSIZE;
	places[3] = USTACKTOP - PTSIZE / 2;
	temp = area + 2 * PTSIZE - PGSIZE;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
			uintptr_t va = places[i] + k * PGSIZE;

			alloc(0, va, rw);
			WORD(va) = va ^ 0x5a5a5a5a;
			expect_call(sys_page_map(0, (void *)va, 0, (void *)va,
			                         kinds[k]),
			            0, "sys_page_map");
		}
	}
	alloc(0, 0, rw);
	alloc(0, STACK - PGSIZE, rw);
	board = (volatile struct Board *)(area + PGSIZE);
	alloc(0, area + PGSIZE, rw | PTE_SHARE);
}

static void
note_pages(void)
{
	uintptr_t va = 0;

	for (nbefore = 0; (va = next_page(va)) < STACK; va += PGSIZE) {
		if (nbefore == ARRAY_SIZE(before))
			fail("the program has more pages than it expects");
		before[nbefore].va = va;
		// The page of before[] itself may be written here.
		before[nbefore++].pte = test_pte(va);
	}
}

// What must be the same in the child: the page at `va`.
static void
check_back(envid_t child, const struct Mapping *page)
{
	const uint32_t perm = duplicated(page->va, PGOFF(page->pte));
	const uint32_t va = page->va;
	int r = sys_page_map(child, (void *)page->va, 0, (void *)temp, ro);

	if (r < 0)
		fail("the page at %08x, with permissions %03x, is not mapped "
		     "in the child: sys_page_map returned %d",
		     va, PGOFF(page->pte), r);
	if (va == NORMAL && PTE_ADDR(test_pte(temp)) == PTE_ADDR(page->pte))
		fail("the stack in use, at %08x, is shared with the child", va);
	if (va != NORMAL && PTE_ADDR(test_pte(temp)) != PTE_ADDR(page->pte))
		fail("at %08x the child has the page %08x instead of ours, "
		     "%08x",
		     va, PTE_ADDR(test_pte(temp)), PTE_ADDR(page->pte));
	r = sys_page_map(child, (void *)page->va, 0, (void *)temp, rw);
	if (r == 0 && !(perm & PTE_W))
		fail("the child may write to the page at %08x, which had "
		     "permissions %03x",
		     va, PGOFF(page->pte));
	if (r < 0 && (perm & PTE_W))
		fail("the child may not write to the page at %08x, which had "
		     "permissions %03x",
		     va, PGOFF(page->pte));
	expect_call(sys_page_unmap(0, (void *)temp), 0, "sys_page_unmap");
}

// How our own pages are mapped now, as long as no write has copied them.
static void
check_ours(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
			uintptr_t va = places[i] + k * PGSIZE;
			uint32_t wanted = duplicated(va, kinds[k]);

			if (PGOFF(test_pte(va)) != wanted)
				fail("our page at %08x, which had permissions "
				     "%03x, has %03x instead of %03x",
				     (uint32_t)va, kinds[k],
				     PGOFF(test_pte(va)), wanted);
			if (test_refs(va) != 2)
				fail("our page at %08x, which had permissions "
				     "%03x, has pp_ref %u instead of 2",
				     (uint32_t)va, kinds[k], test_refs(va));
			if (WORD(va) != (va ^ 0x5a5a5a5a))
				fail("the contents of our page at %08x have "
				     "changed",
				     (uint32_t)va);
		}
	}
}

// The child: write down all pages. It writes only to its own new stack and to
// the page that is shared, so that no page needs to be copied.
static void
look(void)
{
	volatile struct Board *to = board;
	uint32_t n = 0;

	for (uintptr_t va = 0; (va = next_page(va)) < UTOP; va += PGSIZE) {
		if (n == ARRAY_SIZE(to->seen))
			break;
		to->seen[n].va = va;
		to->seen[n++].pte = test_pte(va);
	}
	to->count = n;
}

static void
check_looked(void)
{
	uint32_t next = 0;

	for (uint32_t i = 0; i < nbefore; i++) {
		const uint32_t va = before[i].va, had = before[i].pte;
		uint32_t wanted = PTE_ADDR(had) | duplicated(va, PGOFF(had));
		uint32_t seen;

		// The child's own stack is not there before[].
		while (next < board->count && board->seen[next].va < va)
			next++;
		if (next == board->count || board->seen[next].va != va)
			fail("the page at %08x is not mapped in the child", va);
		seen = board->seen[next].pte;
		if (va == NORMAL)
			wanted = PTE_ADDR(seen) | PGOFF(wanted);
		if (seen != wanted)
			fail("the page at %08x, which had permissions %03x, "
			     "has %03x in the child instead of %03x",
			     va, PGOFF(had), PGOFF(seen), PGOFF(wanted));
		if (test_pte(va) & PTE_W && !(had & PTE_SHARE) &&
		    PTE_ADDR(test_pte(va)) == PTE_ADDR(seen))
			fail("the page at %08x is the child's too, and we may "
			     "write to it: its entry is %08x here",
			     va, test_pte(va));
	}
	if (board->count > nbefore + 1)
		fail("the child has %u pages instead of %u", board->count,
		     nbefore + 1);
}

// Where there is no child, nothing changes here: its mapping comes first. The
// page at address 0 is the first of all.
static void
check_error(void)
{
	envid_t child = test_newborn();

	test_destroy(child);
	expect_call(fork_pages(child), -E_BAD_ENV,
	            "fork_pages for a child that has ended");
	if (PGOFF(test_pte(0)) != (uint32_t)rw)
		fail("a page could not be mapped in the child, and has the "
		     "permissions %03x here instead of %03x",
		     PGOFF(test_pte(0)), rw);
}

void
umain(int argc, char **argv)
{
	envid_t child;

	test_start(argc, argv);
	test_others();
	set_pgfault_handler(cow_pgfault);
	make_pages();
	check_error();
	child = test_child(look);
	note_pages();
	expect_call(fork_pages(child), 0, "fork_pages");
	check_ours();
	for (uint32_t i = 0; i < nbefore; i++)
		check_back(child, &before[i]);
	if (sys_page_map(child, (void *)STACK, 0, (void *)temp, ro) == 0)
		fail("the exception stack is shared with the child");
	check_ours();
	test_child_run(child);
	test_child_wait(child);
	if (board->count == 0)
		fail("the child could not run the program with what fork_pages "
		     "has given it");
	check_looked();

	// What is written here is not seen there; it has ended, but had it not,
	// the page would be its alone.
	WORD(places[0]) = 1;
	if (WORD(places[0]) != 1 || !(test_pte(places[0]) & PTE_W))
		fail("a page that was duplicated cannot be written to");
	pass();
}
