// User memory: what environments may access.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/env.h>
#include <kern/pmap.h>

// May environment `env` access all the `len` bytes from `va` on? An access to a
// byte is allowed when the byte lies below ULIM and both the directory entry
// and the page-table entry for it have all the bits of `perm | PTE_P`. `va` and
// `len` come from a program and may be anything: unaligned, 0, or such that
// va + len passes 2^32, which is refused like any range that reaches ULIM.
// A range of no bytes is always allowed. Nothing changes by asking: no page
// table is made.
//
// Returns:  0, or -E_FAULT, with the lowest address in the range that may not
//           be accessed stored in user_mem_check_addr: `va` itself or the start
//           of a later page.
int
user_mem_check(struct Env *env, const void *va, size_t len, int perm)
{
	// @solution lab3.user_mem_check
	uintptr_t addr = (uintptr_t)va;
	const uintptr_t last = addr + len - 1;
	const pte_t wanted = perm | PTE_P;

	while (len > 0) {
		pte_t allowed = addr < ULIM ? env->env_pgdir[PDX(addr)] : 0;

		if (allowed & PTE_P) {
			const pte_t *table = KADDR(PTE_ADDR(allowed));

			allowed &= table[PTX(addr)];
		}
		if ((allowed & wanted) != wanted) {
			user_mem_check_addr = addr;
			return -E_FAULT;
		}
		// Unsigned, so this also holds when `last` has wrapped.
		if (last - addr < PGSIZE - PGOFF(addr))
			break;
		addr = ROUNDDOWN(addr, PGSIZE) + PGSIZE;
	}
	return 0;
	// @end lab3.user_mem_check
}
