// Checks of the page allocator.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>

#include <kern/check/check.h>
#include <kern/env.h>
#include <kern/pmap.h>

// The first page number past the kernel and all that mem_init has allocated,
// computed without boot_alloc.
static size_t
first_free_pgnum(void)
{
	const void *ends[] = { end, kern_pgdir + NPDENTRIES, pages + npages,
		               envs + NENV };
	uintptr_t last = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		last = MAX(last, (uintptr_t)ends[i]);
	return PGNUM(ROUNDUP(last, PGSIZE) - KERNBASE);
}

// Run the check that the boot arguments name, if it is one of boot_alloc's:
// there is memory for all that is left, but not for a byte more, nor for so
// many bytes that a sum wraps past 2^32.
void
check_boot_alloc(void)
{
	checking("lab2.boot_alloc");
	if (check_wanted("boot_alloc")) {
		char *const next = boot_alloc(0);
		const uint32_t left = npages * PGSIZE - PADDR(next);

		if (boot_alloc(left) != next)
			panic("boot_alloc(0) is not what was allocated next");
		check_report("boot_alloc", left);
		boot_alloc(1);
		check_not_caught("boot_alloc");
	}
	if (check_wanted("boot_alloc_wrap")) {
		boot_alloc(-2 * PGSIZE);
		check_not_caught("boot_alloc_wrap");
	}
	checking(NULL);
}

// Why the page with number `n` may never be free, or NULL.
static const char *
reserved(size_t n, size_t first_free)
{
	if (n == 0)
		return "the BIOS's page 0";
	if (n == PGNUM(MPENTRY_PADDR))
		return "the other CPUs' start-up page MPENTRY_PADDR";
	if (n >= PGNUM(IOPHYSMEM) && n < PGNUM(EXTPHYSMEM))
		return "in the I/O hole";
	if (n >= PGNUM(EXTPHYSMEM) && n < first_free)
		return "the kernel's or allocated by boot_alloc";
	return NULL;
}

// Panic: `pp`, found on the free list after `count` pages, is wrong.
static void
list_fault(struct PageInfo *pp, size_t count, size_t first_free)
{
	size_t off = (uintptr_t)pp - (uintptr_t)pages;

	// A page can be met twice only if the list is circular.
	if (count > npages)
		panic("page_free_list goes round in a circle");
	if (off >= npages * sizeof(*pp) || off % sizeof(*pp) != 0)
		panic("page_free_list leads to %p, which is not in pages[]",
		      pp);
	if (pp->pp_ref != 0)
		panic("page %08x is on page_free_list with pp_ref %u",
		      page2pa(pp), pp->pp_ref);
	panic("page %08x is on page_free_list, but it is %s", page2pa(pp),
	      reserved(pp - pages, first_free));
}

// Walk the free list and check each page. With 32768 pages this is much of the
// boot time: the loop only finds out that something is wrong.
//
// Returns:  the number of pages.
static size_t
check_list(size_t first_free)
{
	const uintptr_t base = (uintptr_t)pages;
	const size_t limit = npages * sizeof(*pages);
	const size_t low = first_free * sizeof(*pages);
	struct PageInfo *pp = page_free_list;
	size_t count = 0;

	for (; pp && count <= npages; count++, pp = pp->pp_link) {
		size_t off = (uintptr_t)pp - base; // in bytes

		if (off >= limit || off % sizeof(*pp) != 0 || pp->pp_ref != 0)
			break;
		if (off < low && reserved(off / sizeof(*pp), first_free))
			break;
	}
	if (pp)
		list_fault(pp, count, first_free);
	return count;
}

// Check that page_free_list holds exactly the usable pages without references.
void
check_page_free_list(void)
{
	const struct PageInfo *last = pages + npages;
	size_t first_free = first_free_pgnum();
	size_t listed, unused = npages;

	checking("lab2.boot_alloc");
	if (PGNUM(PADDR(boot_alloc(0))) != first_free)
		panic("boot_alloc(0) is %p; what was allocated ends at %p",
		      boot_alloc(0), (void *)(first_free * PGSIZE + KERNBASE));
	checking("lab2.page_init");
	listed = check_list(first_free);
	for (size_t n = 0; n < first_free; n++)
		if (reserved(n, first_free) || pages[n].pp_ref != 0)
			unused--;
	for (const struct PageInfo *pp = pages + first_free; pp < last; pp++)
		if (pp->pp_ref != 0)
			unused--;
	if (listed != unused)
		panic("%u pages are on page_free_list, but %u may be used and "
		      "nobody refers to them",
		      (uint32_t)listed, (uint32_t)unused);
	checking(NULL);
	cprintf("check_page_free_list() succeeded!\n");
	check_report("check_page_free_list", listed);
}

// Is every word of the page `word`?
static bool
page_is(struct PageInfo *pp, uint32_t word)
{
	const uint32_t *words = page2kva(pp);

	for (size_t i = 0; i < PGSIZE / sizeof(*words); i++)
		if (words[i] != word)
			return false;
	return true;
}

static void
page_fill(struct PageInfo *pp, uint32_t word)
{
	uint32_t *words = page2kva(pp);

	for (size_t i = 0; i < PGSIZE / sizeof(*words); i++)
		words[i] = word;
}

// Allocate a page, and check what page_alloc promises of it.
static struct PageInfo *
take(int flags)
{
	struct PageInfo *pp = page_alloc(flags);

	if (!pp)
		panic("page_alloc returned NULL though pages are free");
	if (pp < pages || pp >= pages + npages)
		panic("page_alloc returned %p, which is not in pages[]", pp);
	if (pp->pp_ref != 0)
		panic("page_alloc returned a page with pp_ref %u", pp->pp_ref);
	if (pp->pp_link != NULL)
		panic("page_alloc returned a page with pp_link still set");
	return pp;
}

// Check zeroing: only with ALLOC_ZERO, and then the whole page and nothing
// else. `pp` becomes the only free page; `other` is not free.
static void
check_zeroing(struct PageInfo *pp, struct PageInfo *other)
{
	const uint32_t pattern = check_random();
	const int unknown_flags = ~ALLOC_ZERO;

	page_fill(pp, pattern);
	page_fill(other, pattern);
	page_free(pp);
	assert(take(0) == pp);
	if (!page_is(pp, pattern))
		panic("page_alloc(0) changed what the page holds");
	page_free(pp);
	assert(take(unknown_flags) == pp);
	if (!page_is(pp, pattern))
		panic("page_alloc zeroed a page without ALLOC_ZERO in its "
		      "flags");
	page_free(pp);
	assert(take(unknown_flags | ALLOC_ZERO) == pp);
	if (!page_is(pp, 0))
		panic("page_alloc did not zero a page with ALLOC_ZERO among "
		      "other flags");
	page_fill(pp, pattern);
	page_free(pp);
	assert(take(ALLOC_ZERO) == pp);
	if (!page_is(pp, 0))
		panic("page_alloc(ALLOC_ZERO) did not zero the page");
	if (!page_is(other, pattern))
		panic("page_alloc(ALLOC_ZERO) wrote to another page");
}

// Free and allocate pages a random number of times before check `name` does
// what must be refused: code that counts calls, or recognises the check, panics
// too early. Returns the page allocated instead of `pp`.
static struct PageInfo *
begin_check(const char *name, struct PageInfo *pp)
{
	for (uint32_t n = 1 + check_random() % 16; n > 0; n--) {
		page_free(pp);
		pp = take(0);
	}
	cprintf("check %s begins\n", name);
	return pp;
}

// Run the check that the boot arguments name, if it is one of page_free's, on
// the page `pp`, which is not free.
static void
check_page_free(struct PageInfo *pp)
{
	if (check_wanted("double_free")) {
		pp = begin_check("double_free", pp);
		// On a list of two, so that its pp_link is not NULL.
		page_free(pp);
		page_free(pp);
		check_not_caught("double_free");
	}
	if (check_wanted("free_in_use")) {
		pp = begin_check("free_in_use", pp);
		check_report("free_in_use", page2pa(pp));
		pp->pp_ref = 1;
		page_free(pp);
		check_not_caught("free_in_use");
	}
}

// Check the contracts of page_alloc and page_free. The next
// check_page_free_list finds lost pages.
void
check_page_alloc(void)
{
	struct PageInfo *pp0, *pp1, *pp2, *rest;

	checking("lab2.page_alloc");
	pp0 = take(0);
	pp1 = take(0);
	pp2 = take(0);
	rest = page_free_list;
	if (pp0 == pp1 || pp1 == pp2 || pp2 == pp0)
		panic("page_alloc returned the same page twice");

	// With no page left.
	page_free_list = NULL;
	if (page_alloc(0) || page_alloc(ALLOC_ZERO))
		panic("page_alloc returned a page though none was free");
	// With one.
	checking("lab2.page_free");
	page_free(pp0);
	if (page_free_list != pp0 || pp0->pp_link != NULL)
		panic("page_free did not put the page on the empty list");
	checking("lab2.page_alloc");
	if (take(0) != pp0 || page_alloc(0))
		panic("page_alloc did not return the only free page, once");
	check_zeroing(pp0, pp1);

	page_free_list = rest;
	checking("lab2.page_free");
	page_free(pp0);
	page_free(pp1);
	check_page_free(pp2);
	page_free(pp2);
	checking(NULL);
	cprintf("check_page_alloc() succeeded!\n");
	check_report("check_page_alloc", page2pa(pp0));
}
