// What fork gives the child: which pages, and how.
//
// Most pages are shared until one side writes (duppage in lib/fork.c). The
// stack in use is the exception: it is written immediately, and by then there
// may be no memory for a copy. So the child gets its copy of it first, while
// fork can still fail.

#include <inc/lib.h>
#include <inc/x86.h>

#include <lib/fork.h>

// Map page number `pn`, which is PTE_SHARE, in environment `envid` at the same
// address with the same permissions: both see each other's writes.
static int
duppage_share(envid_t envid, uint32_t pn)
{
	void *va = (void *)(pn * PGSIZE);

	return sys_page_map(0, va, envid, va, uvpt[pn] & PTE_SYSCALL);
}

// Give environment `envid` a copy of page number `pn`, at the same address,
// that it may write. The copy is filled at PFTEMP; nothing stays mapped there.
//
// Needs:    the page is mapped.
// Returns:  0, or the first error. Then the other may have a page there that is
//           not filled.
int
duppage_copy(envid_t envid, uint32_t pn)
{
	const int perm = PTE_P | PTE_U | PTE_W;
	void *va = (void *)(pn * PGSIZE);
	int r;

	r = sys_page_alloc(envid, va,
	                   (uvpt[pn] & PTE_SYSCALL & ~PTE_COW) | perm);
	if (r == 0)
		r = sys_page_map(envid, va, 0, (void *)PFTEMP, perm);
	if (r < 0)
		return r;
	memcpy((void *)PFTEMP, va, PGSIZE);
	return sys_page_unmap(0, (void *)PFTEMP);
}

// Returns:  the number of the first mapped page from `pn` on, below UTOP, or
//           that of UTOP. What is not mapped has entry 0; most page tables
//           are missing, and the rest are mostly empty.
static uint32_t
next_mapped(uint32_t pn)
{
	while (pn < PGNUM(UTOP)) {
		uint32_t dir = pn / NPTENTRIES, left;

		if (!uvpd[dir]) {
			dir += scan_words(uvpd + dir, PDX(UTOP) - dir);
			pn = dir * NPTENTRIES;
			continue;
		}
		left = NPTENTRIES - pn % NPTENTRIES;
		left -= scan_words(uvpt + pn, left);
		if (left > 0)
			return (dir + 1) * NPTENTRIES - left;
		pn = (dir + 1) * NPTENTRIES;
	}
	return PGNUM(UTOP);
}

// How much of the stack below its own frame fork_pages needs for what it calls.
#define CALLS 256 // bytes

// Give environment `envid` all pages below UTOP that this one has, except the
// exception stack. Stack pages that are written before the caller of this
// function returns go by duppage_copy; of the others, PTE_SHARE pages by
// duppage_share, the rest by duppage. (Not inlined, so that it has a frame.)
//
// Returns:  0, or the first error.
int
fork_pages(envid_t envid)
{
	const uint32_t stop = PGNUM(UXSTACKTOP - PGSIZE);
	const uint32_t stack = PGNUM(read_esp() - CALLS);
	const uint32_t frame = PGNUM(*(uintptr_t *)read_ebp()); // the caller's
	uint32_t pn = 0;

	while ((pn = next_mapped(pn)) < stop) {
		int r;

		if (uvpt[pn] & PTE_SHARE)
			r = duppage_share(envid, pn);
		else if (pn >= stack && pn <= frame)
			r = duppage_copy(envid, pn);
		else
			r = duppage(envid, pn);
		if (r < 0)
			return r;
		pn++;
	}
	return 0;
}
