// Checks of lab 4: the window for device registers, which they use up; the
// kernel lock at entry and exit; and the panics of misused locks.

#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/string.h>

#include <kern/check/check.h>
#include <kern/cpu.h>
#include <kern/pmap.h>
#include <kern/sched.h>
#include <kern/spinlock.h>

// A region to map, and the start of the window's free part.
struct Region {
	physaddr_t pa;
	size_t size;
	uintptr_t next;
};

static void
map(void *region)
{
	const struct Region *r = region;

	mmio_map_region(r->pa, r->size);
}

// Check that `va` maps the registers at `pa` with the right flags.
static void
expect_mapped(uintptr_t va, physaddr_t pa)
{
	const pte_t flags = PTE_P | PTE_W | PTE_PCD | PTE_PWT;
	const pte_t bits = flags | PTE_U;
	const pte_t *pte = pgdir_walk(kern_pgdir, (void *)va, 0);

	if (!pte || !(*pte & PTE_P))
		panic("mmio_map_region: nothing is mapped at %08x",
		      (uint32_t)va);
	if (PTE_ADDR(*pte) != ROUNDDOWN(pa, PGSIZE))
		panic("mmio_map_region: va %08x shows pa %08x instead of %08x",
		      (uint32_t)va, PTE_ADDR(*pte), ROUNDDOWN(pa, PGSIZE));
	if ((*pte & bits) != flags)
		panic("mmio_map_region: the entry for va %08x has flags %03x "
		      "instead of %03x",
		      (uint32_t)va, *pte & bits, flags);
}

// Map the registers of `r`, and check that exactly their pages are mapped.
static void
expect_map(struct Region *r)
{
	const uintptr_t va = (uintptr_t)mmio_map_region(r->pa, r->size);
	const uintptr_t first = r->next;
	const size_t len = ROUNDUP(PGOFF(r->pa) + r->size, PGSIZE);
	const pte_t *pte;

	if (va != first + PGOFF(r->pa))
		panic("mmio_map_region(%08x, %u) is %08x instead of %08x",
		      r->pa, (uint32_t)r->size, (uint32_t)va,
		      (uint32_t)(first + PGOFF(r->pa)));
	for (size_t at = 0; at < len; at += PGSIZE)
		expect_mapped(first + at, r->pa + at);
	r->next += len;
	pte = pgdir_walk(kern_pgdir, (void *)r->next, 0);
	if (r->next < MMIOLIM && pte && (*pte & PTE_P))
		panic("mmio_map_region(%08x, %u) maps more than its pages",
		      r->pa, (uint32_t)r->size);
}

// Check that a region too large for the rest of the window is refused.
static void
expect_no_room(const struct Region *r, physaddr_t pa, size_t size)
{
	struct Region large = { pa, size, 0 };

	if (!panics(map, &large))
		panic("mmio_map_region(%08x, %u) is not refused with %u bytes "
		      "of the window left",
		      pa, (uint32_t)size, (uint32_t)(MMIOLIM - r->next));
}

// Check mmio_map_region. Mapped so far: the APIC only, if there is one.
void
check_mmio(void)
{
	struct Region r = { .next = MMIOBASE + (lapicaddr ? PGSIZE : 0) };

	checking("lab4.mmio_map_region");
	if (lapicaddr)
		expect_mapped(MMIOBASE, lapicaddr);
	for (int i = 0; i < 8; i++) {
		r.pa = 0xd0000000 + check_random() % 0x1000000;
		r.size = 1 + check_random() % (3 * PGSIZE);
		expect_map(&r);
	}
	// Two bytes in two pages.
	r.pa = 0xd8000000 + PGSIZE - 1;
	r.size = 2;
	expect_map(&r);
	expect_no_room(&r, 0xd9000000, MMIOLIM - r.next + 1);
	expect_no_room(&r, 0xd9000001, MMIOLIM - r.next);
	expect_no_room(&r, 0xd9000000, -1);
	expect_no_room(&r, 0xd9000800, -(size_t)PGSIZE);
	// What was refused has used nothing. The rest fits exactly.
	r.pa = 0xda000000;
	r.size = MMIOLIM - r.next;
	expect_map(&r);
	expect_no_room(&r, 0xdb000000, 1);
	checking(NULL);
	check_report("check_mmio", r.next);
}

// Check the result of passage_lock for each kernel entry and exit.
void
check_passages(void)
{
	static const struct {
		const char *name;
		enum Lockaction wanted;
	} passages[NPASSAGES] = {
		[BOOT_STARTS] = { "BOOT_STARTS", LOCK_TAKE },
		[CPU_STARTS] = { "CPU_STARTS", LOCK_TAKE },
		[FROM_USER] = { "FROM_USER", LOCK_TAKE },
		[FROM_KERNEL] = { "FROM_KERNEL", LOCK_KEEP },
		[FROM_HALT] = { "FROM_HALT", LOCK_TAKE },
		[TO_USER] = { "TO_USER", LOCK_DROP },
		[TO_HALT] = { "TO_HALT", LOCK_DROP },
	};
	static const char *const names[] = { "LOCK_KEEP", "LOCK_TAKE",
		                             "LOCK_DROP" };

	checking("lab4.kernel_lock");
	for (int where = 0; where < NPASSAGES; where++) {
		enum Lockaction seen = passage_lock(where);

		if (seen != passages[where].wanted)
			panic("passage_lock(%s) is %s instead of %s",
			      passages[where].name,
			      seen < ARRAY_SIZE(names) ? names[seen]
			                               : "nothing it may be",
			      names[passages[where].wanted]);
	}
	checking(NULL);
	check_report("check_passages", NPASSAGES);
}

static struct Spinlock outer = { .name = "outer", .rank = 8 };
static struct Spinlock inner = { .name = "inner", .rank = 9 };

static void
take_twice(void *lk)
{
	spin_lock(lk);
	spin_lock(lk);
}

static void
take_in_wrong_order(void *unused)
{
	spin_lock(&inner);
	spin_lock(&outer);
}

static void
drop_untaken(void *lk)
{
	spin_unlock(lk);
}

static void
drop_in_wrong_order(void *unused)
{
	spin_lock(&outer);
	spin_lock(&inner);
	spin_unlock(&outer);
}

static bool
contains(const char *text, const char *part)
{
	for (; *text; text++)
		if (strncmp(text, part, strlen(part)) == 0)
			return true;
	return false;
}

// Check that the misuse panics, naming the lock and this file.
static void
expect_misuse(void (*misuse)(void *), const char *wanted)
{
	const char *said = panics(misuse, &outer);

	if (!said || !contains(said, wanted) || !contains(said, __FILE__))
		panic("locks: \"%s\" instead of \"%s\"",
		      said ? said : "nothing", wanted);
	thiscpu->cpu_locks = 0;
	outer.locked = inner.locked = 0;
	outer.cpu = inner.cpu = NULL;
}

// Check that each misuse of locks panics, saying what was done, to which lock
// and where.
void
check_locks(void)
{
	expect_misuse(take_twice, "waits for itself: it holds outer");
	expect_misuse(take_in_wrong_order, "takes, out of order, outer");
	expect_misuse(drop_untaken, "drops, though it does not hold it, outer");
	expect_misuse(drop_in_wrong_order, "drops, out of order, outer");
	spin_lock(&outer);
	spin_lock(&inner);
	if (!spin_holding(&outer) || !spin_holding(&inner))
		panic("locks: who holds them is not known");
	spin_unlock(&inner);
	spin_unlock(&outer);
	if (spin_holding(&outer) || thiscpu->cpu_locks)
		panic("locks: they are held after they were dropped");
	check_report("check_locks", 4);
}
