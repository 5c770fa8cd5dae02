// Making a copy of this environment, copying pages only when one side writes.
//
// A page that parent and child share, but must not see each other's writes to,
// is mapped read-only in both, with PTE_COW, a bit that means nothing to the
// processor. The first write faults, and cow_pgfault gives the writer a copy.

#include <inc/lib.h>

#include <lib/fork.h>

// The page-fault handler of an environment that has forked. A write to a page
// with PTE_COW gets the page replaced by a copy of it, which may be written and
// is not PTE_COW. The copy is made at PFTEMP, and nothing stays mapped there.
//
// Panics on a fault that is not a write or not to a PTE_COW page: with
// "fault va %08x ip %08x" of the fault in the message; and when the kernel
// refuses what it needs.
// Needs:    uvpt, which shows this environment's page tables; a page table may
//           be missing (uvpd).
void
cow_pgfault(struct UTrapframe *utf)
{
	// @solution lab4.cow_pgfault
	const int perm = PTE_P | PTE_U | PTE_W;
	void *page = (void *)ROUNDDOWN(utf->utf_fault_va, PGSIZE);
	int r;

	if (!(utf->utf_err & FEC_WR) || !(uvpd[PDX(page)] & PTE_P) ||
	    !(uvpt[PGNUM(page)] & PTE_COW))
		panic("fault va %08x ip %08x is not a write to a shared page",
		      utf->utf_fault_va, (uint32_t)utf->utf_eip);

	r = sys_page_alloc(0, (void *)PFTEMP, perm);
	if (r < 0)
		panic("no page for a copy: %e", r);
	memcpy((void *)PFTEMP, page, PGSIZE);
	r = sys_page_map(0, (void *)PFTEMP, 0, page, perm);
	if (r < 0)
		panic("cannot map a copy: %e", r);
	r = sys_page_unmap(0, (void *)PFTEMP);
	if (r < 0)
		panic("cannot unmap a copy: %e", r);
	// @end lab4.cow_pgfault
}

// Map page number `pn` of this environment in environment `envid` at the same
// address. If it may be written, both then map it PTE_COW and read-only;
// otherwise the other has it with the same permissions, which may be those:
// then this one's need not be set again. Of the bits of PTE_SYSCALL the others
// stay as they are.
//
// The other environment's mapping comes first: if that is refused, nothing has
// changed here.
//
// Needs:    the page is mapped.
// Returns:  0, or the error of sys_page_map.
int
duppage(envid_t envid, uint32_t pn)
{
	// @solution lab4.duppage
	void *va = (void *)(pn * PGSIZE);
	int perm = uvpt[pn] & PTE_SYSCALL;
	bool writable = perm & PTE_W;
	int r;

	if (writable)
		perm = (perm & ~PTE_W) | PTE_COW;
	r = sys_page_map(0, va, envid, va, perm);
	if (r < 0 || !writable)
		return r;
	return sys_page_map(0, va, 0, va, perm);
	// @end lab4.duppage
}

// Make a child that is a copy of this environment: the same memory, each
// writing to its own; the same registers; but in the child, fork returns 0, and
// `thisenv` is the child's own.
//
// cow_pgfault becomes the page-fault handler of both (set_pgfault_handler). The
// child gets its pages by fork_pages, and a new page as its exception stack,
// which must not be shared: the kernel writes there when a page is shared. It
// may run only when it has all that a fault of its first instruction needs.
//
// Returns:  the child's id to the parent, 0 to the child; or the error that the
//           kernel gave, and then there is no child.
envid_t
fork(void)
{
	// @solution lab4.fork
	envid_t child;
	int r;

	set_pgfault_handler(cow_pgfault);
	child = sys_exofork();
	if (child < 0)
		return child;
	if (child == 0) {
		thisenv = &envs[ENVX(sys_getenvid())];
		return 0;
	}
	r = fork_pages(child);
	if (r == 0)
		r = sys_page_alloc(child, (void *)(UXSTACKTOP - PGSIZE),
		                   PTE_P | PTE_U | PTE_W);
	if (r == 0)
		r = sys_env_set_pgfault_upcall(child, _pgfault_upcall);
	if (r == 0)
		r = sys_env_set_status(child, ENV_RUNNABLE);
	if (r < 0) {
		sys_env_destroy(child);
		return r;
	}
	return child;
	// @end lab4.fork
}
