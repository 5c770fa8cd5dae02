// Children that run a function of the test, for tests without fork.

#include <inc/lib.h>

// The child's own stack: a page below this address, which programs do not use.
#define STACKTOP (64 * PTSIZE)

// How many time slices a child gets before the test gives up.
#define PATIENCE 1000000

// Make a child that, once it has memory and may run, calls `fn` on a stack of
// its own, and ends.
envid_t
test_child(void (*fn)(void))
{
	envid_t child;

	__asm__ volatile("int %2\n\t"
	                 "testl %%eax, %%eax\n\t"
	                 "jnz 1f\n\t"
	                 "movl %3, %%esp\n\t"
	                 "call *%4\n\t"
	                 "call exit\n"
	                 "1:"
	                 : "=a"(child)
	                 : "a"(SYS_exofork), "i"(T_SYSCALL), "i"(STACKTOP),
	                   "r"(fn)
	                 : "cc", "memory");
	if (child < 0)
		fail("sys_exofork: %e", child);
	return child;
}

// Share all our pages with `child`, with our permissions, except the exception
// stack: each sees the other's writes.
void
test_child_share(envid_t child)
{
	for (uintptr_t va = 0; va < UXSTACKTOP - PGSIZE; va += PGSIZE) {
		if (!(uvpd[PDX(va)] & PTE_P))
			va = ROUNDDOWN(va, PTSIZE) + PTSIZE - PGSIZE;
		else if (uvpt[PGNUM(va)] & PTE_P)
			expect_call(sys_page_map(0, (void *)va, child,
			                         (void *)va,
			                         uvpt[PGNUM(va)] & PTE_SYSCALL),
			            0, "mapping our page %08x in a child",
			            (uint32_t)va);
	}
}

// Give `child` its stack and let it run.
void
test_child_run(envid_t child)
{
	expect_call(sys_page_alloc(child, (void *)(STACKTOP - PGSIZE),
	                           PTE_P | PTE_U | PTE_W),
	            0, "sys_page_alloc for a child's stack");
	expect_call(sys_env_set_status(child, ENV_RUNNABLE), 0,
	            "sys_env_set_status(%08x, ENV_RUNNABLE)", child);
}

// Return when `child` has ended.
void
test_child_wait(envid_t child)
{
	const volatile struct Env *e = &envs[ENVX(child)];

	for (int i = 0; i < PATIENCE; i++) {
		if (e->env_id != child || e->env_status == ENV_FREE)
			return;
		sys_yield();
	}
	fail("child %08x does not end; its env_status is %d", child,
	     e->env_status);
}
