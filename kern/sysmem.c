// System calls for memory, with which programs build their address spaces.
//
// The arguments come from a program and may be anything. Each call checks all
// of them before it changes anything. If several errors apply, any of them may
// be returned.

#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>

#include <kern/env.h>
#include <kern/pmap.h>
#include <kern/syscall.h>

// Give environment `envid`, the caller itself or a child of it, a new page,
// zeroed, at `va` with permissions `perm`. What was mapped there is unmapped.
//
// Returns:  0; or, when nothing has changed,
//           -E_BAD_ENV when there is no such environment, or it is not the
//           caller's to change;
//           -E_INVAL when va is not page-aligned or not below UTOP, or `perm`
//           lacks PTE_U or PTE_P or has a bit outside PTE_SYSCALL;
//           -E_NO_MEM when no page is free, for it or for a page table.
int
sys_page_alloc(envid_t envid, uintptr_t va, int perm)
{
	// @solution lab4.sys_page_alloc
	const int needed = PTE_P | PTE_U;
	struct PageInfo *pp;
	struct Env *e;
	int r = envid2env(envid, &e, true);

	if (r < 0)
		return r;
	if (va >= UTOP || PGOFF(va) || (perm & needed) != needed ||
	    (perm & ~PTE_SYSCALL))
		return -E_INVAL;
	pp = page_alloc(ALLOC_ZERO);
	if (!pp)
		return -E_NO_MEM;
	r = page_insert(e->env_pgdir, pp, (void *)va, perm);
	if (r < 0)
		page_free(pp);
	return r;
	// @end lab4.sys_page_alloc
}

// Map the page that environment `srcenvid` has at `srcva` in environment
// `dstenvid` at `dstva` too, with permissions `perm`, in place of what was
// mapped there. Each of the two environments is the caller itself or a child of
// it, and both may be the same.
//
// Returns:  0; or, when nothing has changed,
//           -E_BAD_ENV when there is no such environment, or it is not the
//           caller's to change;
//           -E_INVAL when an address is not page-aligned or not below UTOP,
//           srcenvid has no page at srcva, `perm` lacks PTE_U or PTE_P or has a
//           bit outside PTE_SYSCALL, or PTE_W is in `perm` but srcenvid may not
//           write the page;
//           -E_NO_MEM when no page table could be had.
int
sys_page_map(envid_t srcenvid, uintptr_t srcva, envid_t dstenvid,
             uintptr_t dstva, int perm)
{
	// @solution lab4.sys_page_map
	const int needed = PTE_P | PTE_U;
	struct Env *src, *dst;
	struct PageInfo *pp;
	pte_t *pte;

	if (envid2env(srcenvid, &src, true) < 0 ||
	    envid2env(dstenvid, &dst, true) < 0)
		return -E_BAD_ENV;
	if (srcva >= UTOP || PGOFF(srcva) || dstva >= UTOP || PGOFF(dstva) ||
	    (perm & needed) != needed || (perm & ~PTE_SYSCALL))
		return -E_INVAL;
	pp = page_lookup(src->env_pgdir, (void *)srcva, &pte);
	if (!pp || (perm & PTE_W & ~*pte))
		return -E_INVAL;
	return page_insert(dst->env_pgdir, pp, (void *)dstva, perm);
	// @end lab4.sys_page_map
}

// Unmap what environment `envid`, the caller itself or a child of it, has at
// `va`. Where nothing is mapped, nothing happens, which is no error.
//
// Returns:  0; or, when nothing has changed,
//           -E_BAD_ENV when there is no such environment, or it is not the
//           caller's to change;
//           -E_INVAL when va is not page-aligned or not below UTOP.
int
sys_page_unmap(envid_t envid, uintptr_t va)
{
	// @solution lab4.sys_page_unmap
	struct Env *e;
	int r = envid2env(envid, &e, true);

	if (r < 0)
		return r;
	if (va >= UTOP || PGOFF(va))
		return -E_INVAL;
	page_remove(e->env_pgdir, (void *)va);
	return 0;
	// @end lab4.sys_page_unmap
}
