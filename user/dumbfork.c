// Shows the system calls that make a child, without copy-on-write: parent and
// child alternate, each printing its own count.

#include <inc/lib.h>

#define PARENT_TURNS 10
#define CHILD_TURNS  20

extern char end[]; // of this program (user/user.ld)

// Give `child` a page of its own at `va`, with the same contents as ours. It is
// filled while it is mapped here too, at UTEMP.
static void
copy_page(envid_t child, void *va)
{
	const int perm = PTE_P | PTE_U | PTE_W;
	int r;

	if ((r = sys_page_alloc(child, va, perm)) < 0)
		panic("sys_page_alloc: %e", r);
	if ((r = sys_page_map(child, va, 0, (void *)UTEMP, perm)) < 0)
		panic("sys_page_map: %e", r);
	memcpy((void *)UTEMP, va, PGSIZE);
	if ((r = sys_page_unmap(0, (void *)UTEMP)) < 0)
		panic("sys_page_unmap: %e", r);
}

// Make a child that is a copy of this environment, with a stack of one page.
static envid_t
dumbfork(void)
{
	envid_t child = sys_exofork();
	int r;

	if (child < 0)
		panic("sys_exofork: %e", child);
	if (child == 0) {
		thisenv = &envs[ENVX(sys_getenvid())];
		return 0;
	}
	for (uintptr_t va = UTEXT; va < (uintptr_t)end; va += PGSIZE)
		copy_page(child, (void *)va);
	copy_page(child, (void *)(USTACKTOP - PGSIZE));
	if ((r = sys_env_set_status(child, ENV_RUNNABLE)) < 0)
		panic("sys_env_set_status: %e", r);
	return child;
}

void
umain(int argc, char **argv)
{
	envid_t child;
	int turns;

	test_start(argc, argv);
	child = dumbfork();
	turns = child ? PARENT_TURNS : CHILD_TURNS;
	for (int i = 0; i < turns; i++) {
		cprintf("%d: I am the %s!\n", i, child ? "parent" : "child");
		sys_yield();
	}
	report("dumbfork", turns);
}
