// Checks of page tables: walking, inserting, looking up, removing.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/check/check.h>
#include <kern/pmap.h>

#define PTE_FLAGS (PGSIZE - 1)

// While these checks run, only the pages that they free are free.
struct Pool {
	struct PageInfo *rest; // the saved free list
	struct PageInfo *page[4];
};

// Empty the free list. Its first few pages go into `pool`.
static void
pool_take(struct Pool *pool)
{
	for (size_t i = 0; i < ARRAY_SIZE(pool->page); i++) {
		pool->page[i] = page_alloc(0);
		assert(pool->page[i]);
	}
	pool->rest = page_free_list;
	page_free_list = NULL;
}

// Restore the free list.
static void
pool_give(struct Pool *pool)
{
	assert(!page_free_list);
	page_free_list = pool->rest;
	for (size_t i = 0; i < ARRAY_SIZE(pool->page); i++)
		page_free(pool->page[i]);
}

static bool
is_free(struct PageInfo *pp)
{
	for (struct PageInfo *p = page_free_list; p; p = p->pp_link)
		if (p == pp)
			return true;
	return false;
}

// Check a reference count.
#define expect_ref(pp, n)                                                      \
	do {                                                                   \
		if ((pp)->pp_ref != (n))                                       \
			panic("pp_ref of page %08x is %u instead of %u",       \
			      page2pa(pp), (pp)->pp_ref, (n));                 \
	} while (0)

// Check the entry that maps `va`, found without pgdir_walk.
static void
expect_pte(pde_t *pgdir, uintptr_t va, pte_t wanted)
{
	const pte_t *pt = KADDR(PTE_ADDR(pgdir[PDX(va)]));
	const pte_t seen = pt[PTX(va)];

	if (seen != wanted)
		panic("the page-table entry of va %08x is %08x instead of %08x",
		      (uint32_t)va, seen, wanted);
}

// The first words of memory. Until kern_pgdir is loaded, a NULL pointer leads
// there, and dereferencing it does not fault.
struct Low {
	uint32_t word[4];
};

// What they hold while NULL might be dereferenced.
static const struct Low marks = { { 0x100, 0x201, 0x302, 0x403 } };

// Write the marks. Returns what was there before.
static struct Low
mark_low(void)
{
	struct Low *low = KADDR(0), before = *low;

	*low = marks;
	return before;
}

// Check that `function` left the marks unchanged, and restore `before`.
static void
expect_marks(struct Low before, const char *function)
{
	struct Low *low = KADDR(0);

	if (memcmp(low, &marks, sizeof(marks)) != 0)
		panic("%s wrote through a NULL pointer", function);
	*low = before;
}

// Check pgdir_walk where there is no page table yet. `table` becomes the one of
// `va`; `spare` must not become another.
static void
check_walk(pde_t *pgdir, uintptr_t va, struct PageInfo *table,
           struct PageInfo *spare)
{
	const pde_t absent = PADDR(pgdir) | PTE_U | PTE_W | PTE_AVAIL;
	const pte_t *pte;

	checking("lab2.pgdir_walk");
	if (pgdir_walk(pgdir, (void *)va, 0) || pgdir[PDX(va)])
		panic("pgdir_walk without create found or made a page table");
	// An entry that is not present may hold any other bits.
	pgdir[PDX(va)] = absent;
	if (pgdir_walk(pgdir, (void *)va, 0))
		panic("pgdir_walk found a page table at a directory entry "
		      "without PTE_P");
	if (pgdir_walk(pgdir, (void *)va, 1) || pgdir[PDX(va)] != absent)
		panic("pgdir_walk made a page table though no page was free");

	memset(page2kva(table), 0xff, PGSIZE);
	page_free(table);
	if (pgdir_walk(pgdir, (void *)va, 0) || page_free_list != table)
		panic("pgdir_walk without create made or took something");
	pte = pgdir_walk(pgdir, (void *)va, 1);
	if (!pte)
		panic("pgdir_walk made no page table though a page was free");
	if (page_free_list)
		panic("pgdir_walk did not take the free page");
	expect_ref(table, 1);
	if (pgdir[PDX(va)] != (page2pa(table) | PTE_P | PTE_W | PTE_U))
		panic("pgdir_walk made the directory entry %08x, not %08x",
		      pgdir[PDX(va)], page2pa(table) | PTE_P | PTE_W | PTE_U);
	if (pte != (pte_t *)page2kva(table) + PTX(va))
		panic("pgdir_walk returned %p for va %08x instead of %p", pte,
		      (uint32_t)va, (pte_t *)page2kva(table) + PTX(va));
	for (size_t i = 0; i < NPTENTRIES; i++)
		if (((pte_t *)page2kva(table))[i])
			panic("pgdir_walk's new page table is not zeroed");
	if (pgdir_walk(pgdir, (void *)va, 0) != pte ||
	    pgdir_walk(pgdir, (void *)(va + 5), 1) != pte)
		panic("pgdir_walk does not find the page table that it made");
	expect_ref(table, 1);
	page_free(spare);
	if (pgdir_walk(pgdir, (void *)va, 1) != pte || page_free_list != spare)
		panic("pgdir_walk took a page though there was a page table");
	assert(page_alloc(0) == spare);
}

// Map `pp` at `va` and at the page after it, without page_insert. `va` has a
// page table.
static void
map_by_hand(pde_t *pgdir, uintptr_t va, struct PageInfo *pp)
{
	pte_t *pte = pgdir_walk(pgdir, (void *)va, 0);

	pte[0] = page2pa(pp) | PTE_P | PTE_W | PTE_U;
	pte[1] = page2pa(pp) | PTE_P;
	pp->pp_ref = 2;
}

// Check page_lookup where nothing is mapped and where `pp` is. `va` has a page
// table; `bare` has none, though `spare` could become one.
static void
check_lookup(pde_t *pgdir, uintptr_t va, uintptr_t bare, struct PageInfo *spare,
             struct PageInfo *pp)
{
	const struct Low low = mark_low();
	pte_t mark, *pte = &mark;

	checking("lab2.page_lookup");
	page_free(spare);
	if (page_lookup(pgdir, (void *)va, &pte) ||
	    page_lookup(pgdir, (void *)bare, &pte))
		panic("page_lookup found a page where none is mapped");
	// An entry that is not present may hold any other bits.
	*pgdir_walk(pgdir, (void *)va, 0) = ~(pte_t)PTE_P;
	if (page_lookup(pgdir, (void *)va, &pte))
		panic("page_lookup found a page at an entry without PTE_P");
	*pgdir_walk(pgdir, (void *)va, 0) = 0;
	if (pte != &mark)
		panic("page_lookup stored an entry though it found no page");
	if (pgdir[PDX(bare)])
		panic("page_lookup made a page table");
	assert(page_alloc(0) == spare);

	map_by_hand(pgdir, va, pp);
	if (page_lookup(pgdir, (void *)va, &pte) != pp ||
	    page_lookup(pgdir, (void *)va, NULL) != pp ||
	    page_lookup(pgdir, (void *)(va + PGSIZE), NULL) != pp)
		panic("page_lookup did not find the page that is mapped");
	if (pte != pgdir_walk(pgdir, (void *)va, 0))
		panic("page_lookup stored %p as the entry's address", pte);
	expect_marks(low, "page_lookup");
	expect_ref(pp, 2);
}

// Check page_remove where nothing is mapped: at `bare`, which has no page
// table, though `spare` could become one, and after the pages at `va`.
static void
check_remove_nothing(pde_t *pgdir, uintptr_t va, uintptr_t bare,
                     struct PageInfo *spare)
{
	const struct Low low = mark_low();

	checking("lab2.page_remove");
	page_free(spare);
	page_remove(pgdir, (void *)bare);
	if (pgdir[PDX(bare)])
		panic("page_remove made a page table");
	page_remove(pgdir, (void *)(va + 2 * PGSIZE));
	expect_marks(low, "page_remove");
	assert(page_alloc(0) == spare);
}

// Map page `a` at two consecutive addresses.
static void
check_insert(pde_t *pgdir, uintptr_t va, struct PageInfo *a)
{
	void *const at = (void *)va, *const next = (void *)(va + PGSIZE);
	const pde_t pde = pgdir[PDX(va)];

	checking("lab2.page_insert");
	assert(page_insert(pgdir, a, at, PTE_W | PTE_U) == 0);
	expect_pte(pgdir, va, page2pa(a) | PTE_P | PTE_W | PTE_U);
	expect_ref(a, 1);
	assert(page_insert(pgdir, a, next, 0) == 0);
	expect_ref(a, 2);
	expect_pte(pgdir, va + PGSIZE, page2pa(a) | PTE_P);
	if ((pgdir[PDX(va)] & pde) != pde)
		panic("page_insert changed the directory entry from %08x to "
		      "%08x, and so what other pages allow",
		      pde, pgdir[PDX(va)]);
}

// Remove the two mappings of `pp`, from `va` on.
static void
check_remove(pde_t *pgdir, uintptr_t va, struct PageInfo *pp)
{
	checking("lab2.page_remove");
	page_remove(pgdir, (void *)va);
	expect_pte(pgdir, va, 0);
	expect_ref(pp, 1);
	if (is_free(pp))
		panic("page_remove freed a page that is still mapped");
	page_remove(pgdir, (void *)va);
	expect_ref(pp, 1);
	page_remove(pgdir, (void *)(va + PGSIZE));
	expect_pte(pgdir, va + PGSIZE, 0);
	expect_ref(pp, 0);
	if (!is_free(pp))
		panic("page_remove did not free a page with no mapping left");
	assert(page_alloc(0) == pp);
	if (page_lookup(pgdir, (void *)va, NULL))
		panic("page_lookup found a page that was removed");
}

// Map page `a` again where it is, then `b` in its place. Leaves `b` mapped
// twice.
static void
check_replace(pde_t *pgdir, uintptr_t va, struct PageInfo *a,
              struct PageInfo *b)
{
	void *const at = (void *)va, *const next = (void *)(va + PGSIZE);

	checking("lab2.page_insert");
	assert(page_insert(pgdir, a, at, PTE_W | PTE_U) == 0);
	// With fewer permissions, then with more.
	assert(page_insert(pgdir, a, at, PTE_U) == 0);
	if (is_free(a))
		panic("mapping a page where it is already freed it");
	expect_ref(a, 1);
	expect_pte(pgdir, va, page2pa(a) | PTE_P | PTE_U);
	assert(page_insert(pgdir, a, at, PTE_W | PTE_AVAIL) == 0);
	expect_ref(a, 1);
	expect_pte(pgdir, va, page2pa(a) | PTE_P | PTE_W | PTE_AVAIL);

	// Another page in the first place of two.
	assert(page_insert(pgdir, a, next, 0) == 0);
	assert(page_insert(pgdir, b, at, PTE_W) == 0);
	expect_ref(a, 1);
	expect_ref(b, 1);
	expect_pte(pgdir, va, page2pa(b) | PTE_P | PTE_W);
	if (page_free_list)
		panic("a page that is mapped was freed");

	// Replacing the last mapping of a page frees it.
	assert(page_insert(pgdir, b, next, PTE_W) == 0);
	expect_ref(a, 0);
	expect_ref(b, 2);
	if (!is_free(a))
		panic("replacing a page's last mapping did not free it");
	assert(page_alloc(0) == a);
}

// When no page table can be allocated, page_insert must change nothing.
static void
check_insert_no_memory(pde_t *pgdir, uintptr_t bare, struct PageInfo *pp)
{
	int r;

	checking("lab2.page_insert");
	r = page_insert(pgdir, pp, (void *)bare, PTE_W);
	if (r != -E_NO_MEM)
		panic("page_insert returned %d with no page for a page table, "
		      "not -E_NO_MEM",
		      r);
	expect_ref(pp, 0);
	if (pgdir[PDX(bare)] || page_free_list)
		panic("page_insert failed but changed something");
}

// Check boot_map_region across the border of two page tables; `table` becomes
// the second. Entries before and after the range stay empty. `pp` is memory to
// map, without counting a reference.
static void
check_map_region(pde_t *pgdir, uintptr_t border, struct PageInfo *table,
                 struct PageInfo *pp)
{
	const physaddr_t pa = 0x12345000;

	checking("lab2.boot_map_region");
	page_free(table);
	boot_map_region(pgdir, border - 2 * PGSIZE, 3 * PGSIZE, pa, PTE_W);
	expect_pte(pgdir, border - 3 * PGSIZE, 0);
	expect_pte(pgdir, border - 2 * PGSIZE, pa | PTE_P | PTE_W);
	expect_pte(pgdir, border - PGSIZE, (pa + PGSIZE) | PTE_P | PTE_W);
	expect_pte(pgdir, border, (pa + 2 * PGSIZE) | PTE_P | PTE_W);
	expect_pte(pgdir, border + PGSIZE, 0);
	boot_map_region(pgdir, border + PGSIZE, 0, pa, PTE_W);
	expect_pte(pgdir, border + PGSIZE, 0);
	boot_map_region(pgdir, border + PGSIZE, PGSIZE, page2pa(pp), PTE_U);
	expect_pte(pgdir, border + PGSIZE, page2pa(pp) | PTE_P | PTE_U);
	expect_ref(pp, 0);
}

// Run the check that the boot arguments name, if it is boot_map_region's: no
// page is free for the page table that it needs.
static void
check_no_page_table(void)
{
	if (!check_wanted("no_page_table"))
		return;
	checking("lab2.boot_map_region");
	page_free_list = NULL;
	boot_map_region(kern_pgdir, UPAGES, PGSIZE, 0, PTE_W);
	check_not_caught("no_page_table");
}

// Drop the page table `table` at `va`.
static void
drop_table(pde_t *pgdir, uintptr_t va, struct PageInfo *table)
{
	expect_ref(table, 1);
	table->pp_ref = 0;
	pgdir[PDX(va)] = 0;
}

// Check the contracts of the page-table functions, in a part of kern_pgdir that
// is still unused, at an address that the key decides.
void
check_page(void)
{
	struct Pool pool;
	const uintptr_t slot = PTSIZE * (1 + check_random() % 800);
	const uintptr_t va = slot + PGSIZE * (check_random() % 1000);
	const uintptr_t bare = va + PTSIZE;
	struct PageInfo *table, *second, *a, *b;

	check_no_page_table();
	pool_take(&pool);
	table = pool.page[0];
	second = pool.page[1];
	a = pool.page[2];
	b = pool.page[3];
	check_walk(kern_pgdir, va, table, second);
	check_report("check_pgdir_walk", va);

	check_map_region(kern_pgdir, slot + PTSIZE, second, a);
	drop_table(kern_pgdir, slot + PTSIZE, second);
	check_report("check_boot_map_region", va);

	check_lookup(kern_pgdir, va, bare, second, a);
	check_report("check_page_lookup", va);

	check_remove_nothing(kern_pgdir, va, bare, second);
	check_remove(kern_pgdir, va, a);
	check_report("check_page_remove", va);

	check_insert_no_memory(kern_pgdir, bare, a);
	check_insert(kern_pgdir, va, a);
	check_remove(kern_pgdir, va, a);
	check_replace(kern_pgdir, va, a, b);
	check_remove(kern_pgdir, va, b);
	drop_table(kern_pgdir, slot, table);
	pool_give(&pool);
	checking(NULL);
	cprintf("check_page() succeeded!\n");
	check_report("check_page", va);
}

// The word that the processor reads at `va`.
static uint32_t
read_at(uintptr_t va)
{
	return *(volatile uint32_t *)va;
}

// Make the entry at `pte`, that of `va`, map page `pp`, without flushing the
// TLB. A stale translation, left by `what` at `va`, would show.
static void
expect_untranslated(pte_t *pte, uintptr_t va, struct PageInfo *pp,
                    const char *what)
{
	*pte = page2pa(pp) | PTE_P;
	if (read_at(va) != *(uint32_t *)page2kva(pp))
		panic("after %s at %08x, the TLB still shows the page as it "
		      "was mapped before",
		      what, (uint32_t)va);
}

// page_remove and page_insert must not leave a stale translation in the TLB.
// The pages `a` and `b` hold different words.
static void
check_tlb(uintptr_t va, pte_t *pte, struct PageInfo *a, struct PageInfo *b)
{
	checking("lab2.page_remove");
	page_remove(kern_pgdir, (void *)va);
	assert(page_alloc(0) == a);
	expect_untranslated(pte, va, b, "page_remove");
	*pte = 0;
	invlpg((void *)va);

	checking("lab2.page_insert");
	assert(page_insert(kern_pgdir, a, (void *)va, PTE_W) == 0);
	assert(read_at(va) == *(uint32_t *)page2kva(a));
	assert(page_insert(kern_pgdir, b, (void *)va, PTE_W) == 0);
	assert(page_alloc(0) == a);
	if (read_at(va) != *(uint32_t *)page2kva(b))
		panic("after page_insert replaced the page at %08x, the TLB "
		      "still shows the old one",
		      (uint32_t)va);
	assert(page_insert(kern_pgdir, b, (void *)va, 0) == 0);
	expect_untranslated(pte, va, a, "a change of permissions");
	*pte = page2pa(b) | PTE_P;
	invlpg((void *)va);
	page_remove(kern_pgdir, (void *)va);
	assert(page_alloc(0) == b);
}

// With kern_pgdir loaded: the processor must do what the page tables say.
void
check_page_installed_pgdir(void)
{
	struct Pool pool;
	const uintptr_t va = PTSIZE * (1 + check_random() % 800);
	struct PageInfo *table, *a, *b;

	pool_take(&pool);
	table = pool.page[0];
	a = pool.page[1];
	b = pool.page[2];
	*(uint32_t *)page2kva(a) = 0xaaaaaaaa;
	*(uint32_t *)page2kva(b) = 0xbbbbbbbb;

	checking("lab2.page_insert");
	page_free(table);
	assert(page_insert(kern_pgdir, a, (void *)va, PTE_W) == 0);
	if (read_at(va) != 0xaaaaaaaa)
		panic("the page inserted at %08x is not there", (uint32_t)va);
	*(volatile uint32_t *)va = 0xa0a0a0a0;
	if (*(uint32_t *)page2kva(a) != 0xa0a0a0a0)
		panic("a write at %08x did not reach its page", (uint32_t)va);
	check_tlb(va, (pte_t *)page2kva(table) + PTX(va), a, b);

	drop_table(kern_pgdir, va, table);
	pool_give(&pool);
	checking(NULL);
	cprintf("check_page_installed_pgdir() succeeded!\n");
	check_report("check_page_installed_pgdir", va);
}
