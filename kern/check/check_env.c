// Checks of environments: their table, their address spaces, loaded programs.

#include <inc/assert.h>
#include <inc/elf.h>
#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>

#include <kern/check/check.h>
#include <kern/env.h>
#include <kern/pmap.h>
#include <kern/program.h>

// Before env_init: poison envs[], whose contents it must not rely on.
void
check_env_scribble(void)
{
	for (size_t i = 0; i < NENV; i++) {
		envs[i].env_id = check_random() >> 1;
		envs[i].env_status = ENV_RUNNABLE;
		envs[i].env_link = &envs[check_random() % NENV];
	}
}

// Check that all environments are free, in the order of the array.
static void
check_env_list(void)
{
	struct Env *e = env_free_list;

	checking("lab3.env_init");
	for (size_t i = 0; i < NENV; i++, e = e->env_link) {
		if (e != &envs[i])
			panic("env_free_list: number %u is %p instead of "
			      "&envs[%u]",
			      (uint32_t)i, e, (uint32_t)i);
		if (e->env_status != ENV_FREE || e->env_id != 0)
			panic("envs[%u] is not free with id 0 after env_init: "
			      "status %d, id %08x",
			      (uint32_t)i, e->env_status, e->env_id);
	}
	if (e)
		panic("env_free_list goes on after the last environment");
}

// The page-table entry of `va` in `e`, or 0.
static pte_t
entry_of(struct Env *e, uintptr_t va)
{
	pde_t pde = e->env_pgdir[PDX(va)];

	return pde & PTE_P ? ((pte_t *)KADDR(PTE_ADDR(pde)))[PTX(va)] : 0;
}

// A new address space maps the kernel, its own directory at UVPT, and no more.
static void
check_setup_vm(struct Env *e)
{
	struct PageInfo *rest = page_free_list, *pp;
	int r;

	checking("lab3.env_setup_vm");
	page_free_list = NULL;
	r = env_setup_vm(e);
	if (r != -E_NO_MEM)
		panic("env_setup_vm returned %d with no page free, not "
		      "-E_NO_MEM",
		      r);
	page_free_list = rest;

	// Nothing that a reused page holds may stay in a directory.
	pp = page_alloc(0);
	memset(page2kva(pp), 0xff, PGSIZE);
	page_free(pp);
	assert(env_setup_vm(e) == 0);
	pp = pa2page(PADDR(e->env_pgdir));
	if (pp->pp_ref != 1)
		panic("env_setup_vm: the directory's page has pp_ref %u",
		      pp->pp_ref);
	for (size_t i = 0; i < NPDENTRIES; i++) {
		pde_t wanted = i < PDX(UTOP) ? 0 : kern_pgdir[i];

		if (i == PDX(UVPT))
			wanted = PADDR(e->env_pgdir) | PTE_P | PTE_U;
		if ((e->env_pgdir[i] ^ wanted) & ~(PTE_A | PTE_D))
			panic("env_setup_vm: directory entry %u is %08x "
			      "instead of %08x",
			      (uint32_t)i, e->env_pgdir[i], wanted);
	}
}

// Check that exactly the pages from `start` up to `stop` are mapped in that
// area, each to a page of its own that the program may write.
static void
expect_region(struct Env *e, uintptr_t start, uintptr_t stop)
{
	for (uintptr_t va = start - PGSIZE; va <= stop; va += PGSIZE) {
		pte_t pte = entry_of(e, va);
		bool inside = va >= start && va < stop;

		if (!inside && (pte & PTE_P))
			panic("region_alloc mapped va %08x, outside its range",
			      (uint32_t)va);
		if (inside &&
		    (pte & (PTE_P | PTE_W | PTE_U)) != (PTE_P | PTE_W | PTE_U))
			panic("region_alloc left the entry of va %08x %08x",
			      (uint32_t)va, pte);
		if (inside && pa2page(PTE_ADDR(pte))->pp_ref != 1)
			panic("region_alloc: the page at va %08x has pp_ref %u",
			      (uint32_t)va, pa2page(PTE_ADDR(pte))->pp_ref);
	}
}

// Check unaligned ranges; pages that are mapped already stay.
static void
check_region_alloc(struct Env *e)
{
	const uintptr_t base = UTEXT + PTSIZE * (check_random() % 200);
	const uintptr_t odd = 1 + check_random() % (PGSIZE - 2);
	const uintptr_t edge = base + PTSIZE;
	pte_t kept;

	checking("lab3.region_alloc");
	region_alloc(e, (void *)(base + PGSIZE + odd), 2 * PGSIZE);
	expect_region(e, base + PGSIZE, base + 4 * PGSIZE);
	kept = entry_of(e, base + 3 * PGSIZE);
	region_alloc(e, (void *)(base + 3 * PGSIZE + odd), PGSIZE);
	expect_region(e, base + PGSIZE, base + 5 * PGSIZE);
	if (entry_of(e, base + 3 * PGSIZE) != kept)
		panic("region_alloc replaced a page that was mapped already");
	region_alloc(e, (void *)(edge + PGSIZE - 1), 2);
	expect_region(e, edge, edge + 2 * PGSIZE);
	region_alloc(e, (void *)(edge + 8 * PGSIZE), PGSIZE);
	expect_region(e, edge + 8 * PGSIZE, edge + 9 * PGSIZE);
	region_alloc(e, (void *)(edge + 16 * PGSIZE + odd), 0);
	expect_region(e, edge + 16 * PGSIZE, edge + 16 * PGSIZE);
}

// The arguments of a region_alloc that runs out of memory.
struct Region {
	struct Env *e;
	uintptr_t va;
};

static void
alloc_region(void *arg)
{
	const struct Region *region = arg;

	region_alloc(region->e, (void *)region->va, PGSIZE);
}

// Check that region_alloc panics for a page at `va` while only the pages of
// `list` are free.
static void
expect_no_region(struct Env *e, uintptr_t va, struct PageInfo *list,
                 const char *what)
{
	struct Region region = { e, va };
	struct PageInfo *rest = page_free_list;
	const char *said;

	page_free_list = list;
	said = panics(alloc_region, &region);
	page_free_list = rest;
	if (!said)
		panic("region_alloc came back though there was no page free "
		      "for %s",
		      what);
}

// Without memory, region_alloc must not return: its caller would use memory
// that is not there.
static void
check_region_refused(struct Env *e)
{
	const uintptr_t table = UTEXT + PTSIZE * (300 + check_random() % 200);
	struct PageInfo *only;

	expect_no_region(e, table, NULL, "a page table");
	only = page_alloc(0);
	expect_no_region(e, table, only, "both the region and a page table");
	// The page may have either use, or have been freed again.
	if (!(e->env_pgdir[PDX(table)] & PTE_P)) {
		only->pp_ref = 0;
		only->pp_link = NULL;
		page_free(only);
	}
	region_alloc(e, (void *)table, PGSIZE);
	expect_no_region(e, table + PGSIZE, NULL, "the region");
}

// Check the table of environments and how an address space is made, before any
// environment exists.
void
check_env(void)
{
	const size_t slot = check_random() % NENV;
	struct Env *e = &envs[slot];

	check_env_list();
	check_report("check_env_list", slot);
	check_setup_vm(e);
	check_report("check_env_setup_vm", slot);
	check_region_alloc(e);
	check_region_refused(e);
	env_free_user_memory(e);
	page_decref(pa2page(PADDR(e->env_pgdir)));
	e->env_pgdir = NULL;
	checking(NULL);
	check_report("check_region_alloc", slot);
}

// Before env_create: make the pages that `program` will get dirty, as an
// earlier program would leave them.
void
check_env_leavings(const struct Program *program)
{
	const struct Elf *elf = (const struct Elf *)program->start;
	const struct Proghdr *ph = (const struct Proghdr *)(program->start +
	                                                    elf->e_phoff);
	// Page directory, stack, and a page table for each; more do no harm.
	size_t pages = 8;

	for (int i = 0; i < elf->e_phnum; i++)
		pages += ph[i].p_memsz / PGSIZE + 2;
	for (struct PageInfo *pp = page_free_list; pp && pages > 0;
	     pp = pp->pp_link, pages--)
		memset(page2kva(pp), 0xa5, PGSIZE);
}

// Check that `e` has the `len` bytes of `wanted` (NULL: zeros) at `va`.
static void
expect_bytes(struct Env *e, uintptr_t va, const uint8_t *wanted, size_t len)
{
	for (size_t i = 0; i < len; i++, va++) {
		const uint8_t *page = KADDR(PTE_ADDR(entry_of(e, va)));
		uint8_t byte = wanted ? wanted[i] : 0;

		if (page[PGOFF(va)] != byte)
			panic("load_icode: the byte at va %08x is %02x instead "
			      "of %02x",
			      (uint32_t)va, page[PGOFF(va)], byte);
	}
}

// Check that the program may write every page of the range.
static void
expect_user_pages(struct Env *e, uintptr_t va, size_t len)
{
	for (uintptr_t page = ROUNDDOWN(va, PGSIZE); page < va + len;
	     page += PGSIZE)
		if ((entry_of(e, page) & (PTE_P | PTE_W | PTE_U)) !=
		    (PTE_P | PTE_W | PTE_U))
			panic("load_icode: the entry of va %08x is %08x",
			      (uint32_t)page, entry_of(e, page));
}

// Check that `e` has only the pages of its stack and of the `phnum` segments
// from `ph` on.
static void
expect_no_more(struct Env *e, const struct Proghdr *ph, int phnum)
{
	for (uintptr_t va = 0; va < UTOP; va += PGSIZE) {
		bool wanted = va == USTACKTOP - PGSIZE;

		if (!(e->env_pgdir[PDX(va)] & PTE_P)) {
			va += PTSIZE - PGSIZE;
			continue;
		}
		if (!(entry_of(e, va) & PTE_P))
			continue;
		for (int i = 0; i < phnum; i++)
			if (ph[i].p_type == ELF_PROG_LOAD &&
			    ph[i].p_memsz > 0 && va + PGSIZE > ph[i].p_va &&
			    va < ph[i].p_va + ph[i].p_memsz)
				wanted = true;
		if (!wanted)
			panic("load_icode mapped va %08x, where the program "
			      "has nothing",
			      (uint32_t)va);
	}
}

// Check that `program` has been loaded into the new environment `e`, which was
// the first of the free list.
void
check_env_created(struct Env *e, const struct Program *program)
{
	const struct Elf *elf = (const struct Elf *)program->start;
	const struct Proghdr *ph = (const struct Proghdr *)(program->start +
	                                                    elf->e_phoff);
	const uintptr_t stack = USTACKTOP - PGSIZE;
	uint32_t sum = 0;

	checking("lab3.env_create");
	if (e->env_status != ENV_RUNNABLE || e->env_parent_id != 0 ||
	    e->env_type != ENV_TYPE_USER)
		panic("env_create: status %d, parent %08x, type %d",
		      e->env_status, e->env_parent_id, e->env_type);
	checking("lab3.load_icode");
	for (int i = 0; i < elf->e_phnum; i++, ph++) {
		if (ph->p_type != ELF_PROG_LOAD)
			continue;
		if (ph->p_memsz > 0)
			expect_user_pages(e, ph->p_va, ph->p_memsz);
		expect_bytes(e, ph->p_va, program->start + ph->p_offset,
		             ph->p_filesz);
		// The first page of a huge bss is enough: testbss does the
		// rest.
		expect_bytes(e, ph->p_va + ph->p_filesz, NULL,
		             MIN(ph->p_memsz - ph->p_filesz, (uint32_t)PGSIZE));
		sum += ph->p_va + ph->p_memsz;
	}
	expect_user_pages(e, stack, PGSIZE);
	expect_bytes(e, stack, NULL, PGSIZE);
	expect_no_more(e, ph - elf->e_phnum, elf->e_phnum);
	if (e->env_tf.tf_eip != elf->e_entry)
		panic("load_icode: the program starts at %08x instead of %08x",
		      (uint32_t)e->env_tf.tf_eip, elf->e_entry);
	checking(NULL);
	check_report("check_env_created", sum);
}

// Check one call of user_mem_check. `bad` is the address that it must report,
// or 0 if it must allow the range.
static void
expect_check(struct Env *e, uintptr_t va, size_t len, int perm, uintptr_t bad)
{
	int r = user_mem_check(e, (void *)va, len, perm);

	if (r != (bad ? -E_FAULT : 0))
		panic("user_mem_check of %u bytes at %08x for permissions %x "
		      "returned %d instead of %d",
		      (uint32_t)len, (uint32_t)va, perm, r, bad ? -E_FAULT : 0);
	if (bad && user_mem_check_addr != bad)
		panic("user_mem_check of %u bytes at %08x reported va %08x "
		      "instead of %08x",
		      (uint32_t)len, (uint32_t)va,
		      (uint32_t)user_mem_check_addr, (uint32_t)bad);
}

// Without a page table, nothing may be accessed and none is made. The table
// that maps `below` maps nothing from there on.
static void
expect_no_table(struct Env *e, uintptr_t below, uint32_t odd)
{
	const uintptr_t va = ROUNDUP(below, PTSIZE);

	assert(!(e->env_pgdir[PDX(va)] & PTE_P));
	expect_check(e, va + odd, 1, PTE_U, va + odd);
	expect_check(e, va + odd, 0, PTE_U, 0);
	if (e->env_pgdir[PDX(va)] & PTE_P)
		panic("user_mem_check made a page table for va %08x",
		      (uint32_t)va);
}

// Nothing may be accessed at ULIM, even if a page is mapped there that programs
// could access.
static void
expect_limit(struct Env *e)
{
	const pde_t kept = e->env_pgdir[PDX(ULIM)];

	e->env_pgdir[PDX(ULIM)] = 0;
	assert(page_insert(e->env_pgdir, page_alloc(0), (void *)ULIM,
	                   PTE_U | PTE_W) == 0);
	expect_check(e, ULIM, 1, PTE_U, ULIM);
	expect_check(e, ULIM + PGSIZE - 1, 1, 0, ULIM + PGSIZE - 1);
	page_remove(e->env_pgdir, (void *)ULIM);
	page_decref(pa2page(PTE_ADDR(e->env_pgdir[PDX(ULIM)])));
	e->env_pgdir[PDX(ULIM)] = kept;
}

// Check user_mem_check on pages of all kinds in environment `e`: from `base`
// up, writable, read-only, kernel-only, absent, writable.
static void
check_user_mem(struct Env *e)
{
	static const int perms[] = { PTE_U | PTE_W, PTE_U, PTE_W, -1,
		                     PTE_U | PTE_W };
	const uintptr_t base = 2 * UTEXT, odd = 1 + check_random() % 4000;
	const uintptr_t ro = base + PGSIZE, hidden = base + 2 * PGSIZE;
	const uintptr_t absent = base + 3 * PGSIZE, last = base + 4 * PGSIZE;

	checking("lab3.user_mem_check");
	for (size_t i = 0; i < ARRAY_SIZE(perms); i++) {
		struct PageInfo *pp = perms[i] < 0 ? NULL : page_alloc(0);
		void *va = (void *)(base + i * PGSIZE);

		if (pp)
			assert(page_insert(e->env_pgdir, pp, va, perms[i]) ==
			       0);
	}
	expect_check(e, base, PGSIZE, PTE_U | PTE_W, 0);
	expect_check(e, base, 2 * PGSIZE, PTE_U, 0);
	expect_check(e, base + odd, PGSIZE, PTE_U, 0);
	expect_check(e, base + odd, 0, PTE_U | PTE_W, 0);
	expect_check(e, absent + odd, 0, PTE_U, 0);
	expect_check(e, base, PGSIZE + 1, PTE_U | PTE_W, ro);
	expect_check(e, ro + odd, 1, PTE_U | PTE_W, ro + odd);
	expect_check(e, ro + odd, PGSIZE, PTE_U, hidden);
	expect_check(e, hidden + odd, 1, PTE_W, 0);
	expect_check(e, hidden + odd, PGSIZE, PTE_W, absent);
	expect_check(e, absent + odd, 1, 0, absent + odd);
	expect_check(e, last - 1, 2, PTE_U, last - 1);
	expect_check(e, last, -1, PTE_U, last + PGSIZE);
	expect_check(e, last + odd, -last, PTE_U, last + PGSIZE);
	expect_check(e, ULIM, 1, PTE_U, ULIM);
	expect_check(e, ULIM - odd, PGSIZE, PTE_U, ULIM);
	expect_check(e, KERNBASE + odd, 1, 0, KERNBASE + odd);
	expect_check(e, -1, 2, PTE_U, -1);
	expect_check(e, UENVS + odd, 1, PTE_U, 0);
	expect_check(e, UENVS + odd, 1, PTE_U | PTE_W, UENVS + odd);
	expect_no_table(e, last + PGSIZE, odd);
	expect_limit(e);
	// The directory at UVPT has writable tables in it, but is read-only.
	expect_check(e, UVPT + PDX(UTEXT) * PGSIZE, 4, PTE_U, 0);
	expect_check(e, UVPT + PDX(UTEXT) * PGSIZE, 4, PTE_U | PTE_W,
	             UVPT + PDX(UTEXT) * PGSIZE);
	checking(NULL);
	check_report("check_user_mem", odd);
}

// Move another free environment to the front of the free list: programs must
// run in any slot.
static void
other_slot(void)
{
	struct Env *before = env_free_list, *e;

	for (uint32_t n = check_random() % (NENV / 2); n > 0; n--)
		before = before->env_link;
	e = before->env_link;
	before->env_link = e->env_link;
	e->env_link = env_free_list;
	env_free_list = e;
}

// Make the kernel fault while there is a current environment: read between the
// device window and the kernel stacks, where nothing is ever mapped.
static void
check_kernel_fault(void)
{
	uintptr_t va = MMIOLIM + PGSIZE * (check_random() % 800);
	struct Env *e = env_free_list;

	checking("lab3.page_fault_handler");
	env_create((uint8_t *)program_find("hello")->start, ENV_TYPE_USER);
	curenv = e;
	cprintf("check kernel_fault reads va %08x\n", (uint32_t)va);
	(void)*(volatile uint32_t *)va;
	cprintf("check kernel_fault was not caught\n");
}

// Run the check `name`, if it is one of these, with `e`, which is a new
// environment or NULL.
void
check_env_named(const char *name, struct Env *e)
{
	if (strcmp(name, "other_slot") == 0) {
		other_slot();
	} else if (strcmp(name, "env_create") == 0) {
		check_env_create();
	} else if (strcmp(name, "images") == 0) {
		check_images();
	} else if (strcmp(name, "env_run") == 0) {
		check_env_run();
	} else if (strcmp(name, "environments") == 0) {
		check_env_create();
		check_images();
		check_env_run();
	} else if (strcmp(name, "mmio") == 0) {
		check_mmio();
	} else if (strcmp(name, "passages") == 0) {
		check_passages();
	} else if (strcmp(name, "locks") == 0) {
		check_locks();
	} else if (strcmp(name, "irqs") == 0) {
		check_irqs();
	} else if (strcmp(name, "kernel_fault") == 0) {
		check_kernel_fault();
	} else if (e && strcmp(name, "user_mem") == 0) {
		check_user_mem(e);
		check_syscall(e);
	} else if (e && strcmp(name, "debuginfo_user") == 0) {
		check_debuginfo_user(e);
	}
}
