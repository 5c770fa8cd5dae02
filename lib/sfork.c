// A child that shares its parent's memory, except for the stack: what threads
// are made of.
//
// Everything that is mapped when sfork is called is the same for both from then
// on, read and written by both: data, memory that was allocated, also what the
// parent had copy-on-write. Of two things the child has a copy: the stack, and
// the variables of lib/libmain.c, of which `thisenv` is one; in a program that
// calls sfork, user/user.ld puts them on pages of their own. So ipc_recv and
// all else that looks at `thisenv` works in both.
//
// What does not work: nothing in this library locks, so readline, test_random
// and the like race if both use them at the same time. A page mapped later is
// mapped only in the environment that maps it. After a fork, the parent of that
// fork has its memory copy-on-write, and no longer shares it.

#include <inc/lib.h>

#include <lib/fork.h>

// What each has for itself besides its stack (user/user.ld).
extern char private_start[], private_end[];

// Map the page at `va` in `envid` as it is here.
static int
share(envid_t envid, volatile char *va)
{
	const uint32_t pn = PGNUM(va);

	// A write makes a copy; both then share the copy.
	if (uvpt[pn] & PTE_COW)
		*va = *va;
	return sys_page_map(0, (void *)va, envid, (void *)va,
	                    uvpt[pn] & PTE_SYSCALL);
}

// Returns:  the lowest address of the stack: from there up to USTACKTOP all
//           pages are mapped.
static uintptr_t
stack_bottom(void)
{
	uintptr_t va = USTACKTOP - PGSIZE;

	while (uvpd[PDX(va - PGSIZE)] & PTE_P &&
	       uvpt[PGNUM(va - PGSIZE)] & PTE_P)
		va -= PGSIZE;
	return va;
}

// Give `envid` all pages below UTOP except the exception stack.
static int
sfork_pages(envid_t envid)
{
	const uintptr_t stack = stack_bottom();
	int r = 0;

	for (uintptr_t va = 0; r == 0 && va < USTACKTOP; va += PGSIZE) {
		if (!(uvpd[PDX(va)] & PTE_P))
			va = ROUNDDOWN(va, PTSIZE) + PTSIZE - PGSIZE;
		else if (!(uvpt[PGNUM(va)] & PTE_P))
			continue;
		else if (va >= stack || (va >= (uintptr_t)private_start &&
		                         va < (uintptr_t)private_end))
			r = duppage_copy(envid, PGNUM(va));
		else
			r = share(envid, (char *)va);
	}
	return r;
}

// Make a child that shares this environment's memory (see above) and has its
// registers. cow_pgfault becomes the page-fault handler of both.
//
// Returns:  the child's id to the parent, 0 to the child; or the error that the
//           kernel gave, and then there is no child.
envid_t
sfork(void)
{
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
	r = sfork_pages(child);
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
}
